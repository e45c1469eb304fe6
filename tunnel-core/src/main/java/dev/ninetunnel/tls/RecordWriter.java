package dev.ninetunnel.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Stands above the TLS handler. When the handshake is over and there is a {@link RecordProtection} for its records, what is written
 * from then on is sealed here and goes past the TLS handler to the socket, in records as full as can be: together with the
 * rest of its batch it is put into an array, and out of another into a few buffers. Otherwise it does nothing. On the
 * connection's event loop.
 */
final class RecordWriter extends ChannelDuplexHandler {
    /** So many full records go into one buffer. */
    private static final int RECORDS_TOGETHER = 4;

    private final RecordReader reader;
    private final Supplier<Optional<RecordProtection>> agreed;
    private final FastThreadLocal<RecordArrays> scratch;
    private final Queue<ByteBuf> unsealed = new ArrayDeque<>();
    private final List<ChannelPromise> promises = new ArrayList<>(0);
    private int unsealedBytes;
    private RecordProtection recordProtection;
    /** Below the TLS handler. */
    private ChannelHandlerContext below;

    RecordWriter(RecordReader reader, Supplier<Optional<RecordProtection>> agreed,
            FastThreadLocal<RecordArrays> scratch) {
        this.reader = reader;
        this.agreed = agreed;
        this.scratch = scratch;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completed && completed.isSuccess()) {
            agreed.get().ifPresent(found -> {
                recordProtection = found;
                below = ctx.pipeline().context(reader);
                reader.goPast(found, ctx);
            });
        } else if (event instanceof SslCloseCompletionEvent) {
            reader.end();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** A fault of the TLS handler, which has sent the alert that was due. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reader.end();
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (recordProtection == null) {
            ctx.write(message, promise);
            return;
        }
        ByteBuf bytes = (ByteBuf) message;
        if (!ctx.channel().isActive()) {
            bytes.release();
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        unsealed.add(bytes);
        unsealedBytes += bytes.readableBytes();
        if (!promise.isVoid()) {
            promises.add(promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (recordProtection == null) {
            ctx.flush();
            return;
        }
        try {
            sealAll(ctx);
        } catch (IOException | GeneralSecurityException e) {
            fail(e);
            ctx.fireExceptionCaught(e);
            ctx.close();
        }
        below.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!unsealed.isEmpty()) {
            flush(ctx);
        }
        ctx.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        fail(new ClosedChannelException());
    }

    private void sealAll(ChannelHandlerContext ctx) throws IOException, GeneralSecurityException {
        if (recordProtection.takePeerUpdated() && !unsealed.isEmpty()) {
            letTlsAnswer(ctx);
        }
        while (unsealedBytes > 0) {
            int bytes = Math.min(unsealedBytes, RECORDS_TOGETHER * RecordProtection.MOST_PLAIN);
            // One record more than it takes, for there may be word of a new key among them.
            int records = 2 + bytes / RecordProtection.MOST_PLAIN;
            ByteBuf out = ctx.alloc().directBuffer(bytes + records * RecordProtection.OVERHEAD);
            try {
                for (int left = bytes; left > 0;) {
                    left -= seal(left, out);
                }
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                out.release();
                throw e;
            }
            send(out);
        }
    }

    /** The other side has a new key, and may have asked for one: the TLS handler knows, and says so before it sends a frame. */
    private void letTlsAnswer(ChannelHandlerContext ctx) {
        ByteBuf first = unsealed.remove();
        unsealedBytes -= first.readableBytes();
        ctx.write(first);
        ctx.flush();
    }

    /** Seals one record of at most so many bytes. Returns how many went into it. */
    private int seal(int most, ByteBuf out) throws IOException, GeneralSecurityException {
        RecordArrays arrays = scratch.get();
        if (recordProtection.updateDue()) {
            out.writeBytes(arrays.record, 0, recordProtection.sealUpdate(arrays.record));
        }
        int bytes = Math.min(most, RecordProtection.MOST_PLAIN);
        fill(arrays.plain, bytes);
        out.writeBytes(arrays.record, 0, recordProtection.seal(arrays.plain, bytes, arrays.record));
        return bytes;
    }

    private void fill(byte[] plain, int bytes) {
        for (int at = 0; at < bytes;) {
            ByteBuf next = unsealed.element();
            int part = Math.min(bytes - at, next.readableBytes());
            next.readBytes(plain, at, part);
            at += part;
            if (!next.isReadable()) {
                unsealed.remove().release();
            }
        }
        unsealedBytes -= bytes;
    }

    private void send(ByteBuf out) {
        if (unsealedBytes > 0 || promises.isEmpty()) {
            // Not the context's, which would tell of a failed write at once: the reason that the other side gave comes first.
            below.write(out, below.channel().unsafe().voidPromise());
            return;
        }
        List<ChannelPromise> whose = List.copyOf(promises);
        promises.clear();
        ChannelFuture sent = below.write(out);
        sent.addListener(done -> whose.forEach(promise -> {
            if (done.isSuccess()) {
                promise.trySuccess();
            } else {
                promise.tryFailure(done.cause());
            }
        }));
    }

    private void fail(Exception why) {
        unsealed.forEach(ByteBuf::release);
        unsealed.clear();
        unsealedBytes = 0;
        promises.forEach(promise -> promise.tryFailure(why));
        promises.clear();
    }
}
