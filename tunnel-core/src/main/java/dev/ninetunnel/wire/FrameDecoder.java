package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Cuts a stream of bytes into 9P frames.
 *
 * <p>A size below {@value Frame#HEADER} or above the limit in force ends the stream with a
 * {@link MalformedMessageException} before anything of that size is allocated (rule L2); what follows it is thrown
 * away unread. A frame that comes out belongs to the next handler, which must release it. It is made of what was
 * received, so its bytes may be changed in place; a large one that came in several pieces is not put together, but is a
 * {@link io.netty.buffer.CompositeByteBuf} of them.
 *
 * <p>One decoder serves one channel; {@link #limit} is called on the channel's event loop.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
    private static final int SIZE_FIELD = 4;

    private int limit;
    private boolean broken;
    /** The first bytes of a size, when not all four have come. */
    private int sizeBytes;
    private long size;
    /** Of the frame that has come in part; null between frames. */
    private FramePieces begun;

    /** With the largest frame to accept until {@link #limit} says otherwise, in bytes. */
    public FrameDecoder(int limit) {
        this.limit = limit;
    }

    /** Sets the largest frame to accept from now on: the msize, once it is agreed. In bytes. */
    public void limit(int bytes) {
        this.limit = bytes;
    }

    /** Whether a frame has come in part. */
    public boolean isAmidFrame() {
        return begun != null || sizeBytes > 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !broken && !ctx.isRemoved()) {
                decode(ctx, in);
            }
        } finally {
            in.release();
        }
    }

    private void decode(ChannelHandlerContext ctx, ByteBuf in) {
        if (begun != null) {
            goOn(ctx, in);
        } else if (sizeBytes == 0 && in.readableBytes() >= SIZE_FIELD) {
            start(ctx, in, checked(in.getUnsignedIntLE(in.readerIndex())));
        } else {
            size |= (long) in.readUnsignedByte() << (Byte.SIZE * sizeBytes);
            if (++sizeBytes == SIZE_FIELD) {
                begun = FramePieces.ofSize(ctx.alloc(), checked(size));
                sizeBytes = 0;
                size = 0;
            }
        }
    }

    private void start(ChannelHandlerContext ctx, ByteBuf in, int frame) {
        if (in.readableBytes() >= frame) {
            ctx.fireChannelRead(in.readRetainedSlice(frame));
        } else {
            begun = new FramePieces(ctx.alloc(), frame);
            begun.take(in);
        }
    }

    private void goOn(ChannelHandlerContext ctx, ByteBuf in) {
        begun.take(in);
        if (begun.isWhole()) {
            ByteBuf frame = begun.whole();
            begun = null;
            ctx.fireChannelRead(frame);
        }
    }

    private int checked(long claimed) {
        if (claimed < Frame.HEADER || claimed > limit) {
            broken = true;
            throw new MalformedMessageException(
                    "a frame of " + claimed + " bytes, where " + Frame.HEADER + " to " + limit + " are allowed");
        }
        return (int) claimed;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        broken = true;
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }
}
