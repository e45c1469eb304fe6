package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The way to one local client. What is written is sent off when the loop rests, many frames together. The channel
 * counts as writable until {@link ClientLimits#replyBytes} wait for the client to read them. Belongs to the loop of
 * the client role.
 */
final class ClientOutput {
    /** Replies under this size are copied for a client that lags, so that they do not hold on to the link's buffers. */
    private static final int COPY_UNDER = 4096;
    private static final int LAGS = 64 * 1024;

    private final ClientRole role;
    private final ChannelHandlerContext ctx;
    private boolean unsent;
    private boolean closed;

    ClientOutput(ClientRole role, ChannelHandlerContext ctx) {
        this.role = role;
        this.ctx = ctx;
        int high = role.limits().replyBytes();
        ctx.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
    }

    EventExecutor loop() {
        return role.loop();
    }

    BoundedLog log() {
        return role.log();
    }

    ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    boolean isWritable() {
        return ctx.channel().isWritable();
    }

    /**
     * Whether what was written here, beside the replies of the far side that the budget holds back, has grown so much
     * that the client must read before it is read from: else its errors and Rflushes would know no bound.
     */
    boolean isFlooded() {
        return ctx.channel().bytesBeforeWritable() > role.limits().replyBytes();
    }

    /** Bytes that may wait to be sent to the client, before it has to read some. */
    long writableBytes() {
        return ctx.channel().bytesBeforeUnwritable();
    }

    /** Writes a frame, which belongs to this method. {@link ClientRole#rest} sends it off. */
    void write(ByteBuf frame) {
        if (closed) {
            frame.release();
            return;
        }
        ctx.write(lags() && frame.readableBytes() < COPY_UNDER ? copy(frame) : frame, ctx.voidPromise());
        if (!unsent) {
            unsent = true;
            role.wrote(this);
        }
    }

    private boolean lags() {
        return role.limits().replyBytes() - writableBytes() > LAGS;
    }

    private ByteBuf copy(ByteBuf frame) {
        ByteBuf copy = alloc().buffer(frame.readableBytes());
        copy.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
        frame.release();
        return copy;
    }

    void error(Dialect dialect, int tag, Errno errno, String words) {
        write(ErrorReply.of(alloc(), dialect, tag, errno, words));
    }

    void refuse(Dialect dialect, int tag, Refusal refusal) {
        error(dialect, tag, refusal.errno(), refusal.words());
    }

    void rflush(int tag) {
        ByteBuf frame = alloc().buffer(Frame.HEADER);
        Frame.end(frame, Frame.begin(frame, MessageType.RFLUSH, tag));
        write(frame);
    }

    void flush() {
        unsent = false;
        ctx.flush();
    }

    /** Whether the end has begun: nothing more is written, and nothing that still comes is taken. */
    boolean isClosed() {
        return closed;
    }

    /** Closes as soon as the client has read what was written to it, or has had time enough to. */
    void finish() {
        if (closed) {
            return;
        }
        closed = true;
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        if (ctx.channel().isOpen()) {
            long grace = role.limits().closeGrace().toMillis();
            role.loop().schedule(() -> ctx.close(), grace, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes at once. */
    void cut() {
        closed = true;
        ctx.close();
    }
}
