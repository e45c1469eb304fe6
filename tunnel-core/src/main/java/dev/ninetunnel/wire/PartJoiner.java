package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Puts a message together that comes in {@link Part parts}, once both sides have agreed that it may; until then, and for all
 * other frames, it does nothing. Other messages may come between the parts of one, but not the parts of another. The whole
 * message belongs to the next handler; it is made of what was received, as by {@link FrameDecoder}.
 *
 * <p>A part that does not fit ends the stream with a {@link MalformedMessageException}, before anything of a size that is
 * only claimed is allocated (rule L2). Behind a {@link FrameDecoder}, on the channel's event loop.
 */
public final class PartJoiner extends ChannelInboundHandlerAdapter {
    private int limit;
    private boolean agreed;
    private FramePieces begun;
    private boolean request;

    /** With the largest message to put together until {@link #limit} says otherwise, in bytes. */
    public PartJoiner(int limit) {
        this.limit = limit;
    }

    /** Sets the largest message to put together from now on, in bytes. */
    public void limit(int bytes) {
        this.limit = bytes;
    }

    /** From now on there are parts. */
    public void agree() {
        agreed = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        if (!agreed || !Part.is(frame)) {
            ctx.fireChannelRead(frame);
            return;
        }
        try {
            take(ctx, frame);
        } finally {
            frame.release();
        }
    }

    private void take(ChannelHandlerContext ctx, ByteBuf part) {
        boolean ofRequest = Frame.isRequest(part);
        part.skipBytes(Frame.HEADER);
        if (begun == null) {
            begin(ctx, part, ofRequest);
        } else if (request != ofRequest) {
            throw new MalformedMessageException("a part of another message, where the rest of one was to come");
        }
        begun.take(part);
        if (part.isReadable()) {
            throw new MalformedMessageException(
                    "a part that goes " + part.readableBytes() + " bytes past the end of its message");
        }
        if (begun.isWhole()) {
            ByteBuf whole = begun.whole();
            begun = null;
            ctx.fireChannelRead(whole);
        }
    }

    private void begin(ChannelHandlerContext ctx, ByteBuf part, boolean ofRequest) {
        if (part.readableBytes() < Frame.HEADER) {
            throw new MalformedMessageException("a first part of " + part.readableBytes()
                    + " bytes, where the header of a message has " + Frame.HEADER);
        }
        long size = part.getUnsignedIntLE(part.readerIndex());
        if (size < Frame.HEADER || size > limit) {
            throw new MalformedMessageException("a message of " + size + " bytes in parts, where " + Frame.HEADER
                    + " to " + limit + " are allowed");
        }
        if (Part.is(part) || Frame.isRequest(part) != ofRequest) {
            throw new MalformedMessageException(
                    "a message of type " + Frame.type(part) + " in parts of " + (ofRequest ? "requests" : "replies"));
        }
        request = ofRequest;
        begun = new FramePieces(ctx.alloc(), (int) size);
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
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }
}
