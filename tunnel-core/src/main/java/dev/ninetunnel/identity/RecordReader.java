package dev.ninetunnel.identity;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.FastThreadLocal;
import org.bouncycastle.tls.ContentType;

/**
 * Stands below the TLS handler and hands it the records of the connection one by one. Once there is a {@link Protection} for
 * them, records of application data are opened here and go past it, straight to who stands above {@link RecordWriter}: from
 * the received bytes into an array, and out of another into one buffer for all that was received at once. All other records are
 * for the TLS handler still. On the connection's event loop.
 */
final class RecordReader extends ChannelInboundHandlerAdapter {
    private static final int LENGTH_AT = 3;
    private static final int VERSION_AT = 1;
    private static final int MAJOR_VERSION = 3;
    /** So much data is put together at most, in bytes: a frame that is kept holds on to all of it. */
    private static final int MOST_TOGETHER = 64 << 10;

    private final FastThreadLocal<Scratch> scratch;
    /** The beginning of a record that has not come whole, or null. */
    private ByteBuf begun;
    private Protection protection;
    private ChannelHandlerContext above;
    /** What was opened and has not been handed on, or null. */
    private ByteBuf data;
    /** What comes is not TLS, or the TLS handler has to see to the rest: whatever it is, it is not looked at. */
    private boolean blind;
    private boolean told;

    RecordReader(FastThreadLocal<Scratch> scratch) {
        this.scratch = scratch;
    }

    /** From the next record on, application data goes straight to whoever stands above this context. */
    void goPast(Protection opensThem, ChannelHandlerContext handler) {
        protection = opensThem;
        above = handler;
    }

    /** From the next record on, all that comes is for the TLS handler. */
    void end() {
        blind = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !ctx.isRemoved()) {
                if (blind) {
                    pass(ctx, in.readRetainedSlice(in.readableBytes()));
                } else if (begun != null) {
                    goOn(ctx, in);
                } else {
                    start(ctx, in);
                }
            }
            handOn();
        } finally {
            in.release();
            dropData();
        }
    }

    private void start(ChannelHandlerContext ctx, ByteBuf in) {
        int length = in.readableBytes() < TrafficKey.HEADER ? Integer.MAX_VALUE : lengthOf(in);
        if (blind) {
            return;
        }
        if (in.readableBytes() >= length) {
            record(ctx, in, length, in.readableBytes());
        } else {
            begun = ctx.alloc().buffer(in.readableBytes(), Protection.MOST_RECORD);
            begun.writeBytes(in);
        }
    }

    private void goOn(ChannelHandlerContext ctx, ByteBuf in) {
        if (begun.readableBytes() < TrafficKey.HEADER) {
            move(in, TrafficKey.HEADER);
            if (begun.readableBytes() < TrafficKey.HEADER) {
                return;
            }
        }
        int length = lengthOf(begun);
        if (!blind) {
            move(in, length);
        }
        if (blind || begun.readableBytes() == length) {
            ByteBuf whole = begun;
            begun = null;
            try {
                record(ctx, whole, whole.readableBytes(), whole.readableBytes() + in.readableBytes());
            } finally {
                whole.release();
            }
        }
    }

    private void move(ByteBuf in, int until) {
        begun.writeBytes(in, Math.min(in.readableBytes(), until - begun.readableBytes()));
    }

    /** The length of a record with its header. What cannot be a record makes this blind from here on. */
    private int lengthOf(ByteBuf header) {
        int at = header.readerIndex();
        int type = header.getUnsignedByte(at);
        int length = TrafficKey.HEADER + header.getUnsignedShort(at + LENGTH_AT);
        blind = type < ContentType.change_cipher_spec || type > ContentType.application_data
                || header.getUnsignedByte(at + VERSION_AT) != MAJOR_VERSION || length > Protection.MOST_RECORD;
        return length;
    }

    /** Takes a whole record out of a buffer; so much is there to be opened in one go, the record included. */
    private void record(ChannelHandlerContext ctx, ByteBuf in, int length, int coming) {
        if (protection == null || blind || in.getUnsignedByte(in.readerIndex()) != ContentType.application_data
                || length < TrafficKey.HEADER + Aead.TAG_BYTES) {
            pass(ctx, in.readRetainedSlice(length));
            return;
        }
        if (data != null && data.writableBytes() < length) {
            handOn(); // first, for others use the arrays meanwhile
        }
        Scratch arrays = scratch.get();
        in.getBytes(in.readerIndex(), arrays.record, 0, length);
        int bytes = protection.open(arrays.record, length, arrays.plain);
        if (bytes < 0) {
            pass(ctx, in.readRetainedSlice(length));
            if (protection.isOwed()) {
                // The TLS handler has ended, and takes nothing any more.
                blind = true;
            }
        } else if (bytes > 0) {
            in.skipBytes(length);
            take(ctx, arrays.plain, bytes, coming);
        } else {
            in.skipBytes(length);
        }
    }

    private void take(ChannelHandlerContext ctx, byte[] plain, int bytes, int coming) {
        if (data == null) {
            data = ctx.alloc().directBuffer(Math.max(bytes, Math.min(coming, MOST_TOGETHER)));
        }
        data.writeBytes(plain, 0, bytes);
    }

    /** Hands on what was opened, before anything that came behind it. */
    private void handOn() {
        if (data != null) {
            ByteBuf whole = data;
            data = null;
            above.fireChannelRead(whole);
        }
    }

    private void pass(ChannelHandlerContext ctx, ByteBuf record) {
        handOn();
        told = true;
        ctx.fireChannelRead(record);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (told || above == null) {
            told = false;
            ctx.fireChannelReadComplete();
        } else {
            above.fireChannelReadComplete();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (begun != null) {
            ByteBuf rest = begun;
            begun = null;
            blind = true;
            pass(ctx, rest);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }

    private void dropData() {
        if (data != null) {
            data.release();
            data = null;
        }
    }
}
