package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts a stream of bytes into 9P frames.
 *
 * <p>A size below {@value Frame#HEADER} or above the limit in force ends the stream with a
 * {@link MalformedMessageException} before anything of that size is allocated (rule L2); what follows it is thrown
 * away unread. A frame that comes out belongs to the next handler, which must release it. It is a slice of what was
 * received, so its bytes may be changed in place.
 *
 * <p>One decoder serves one channel; {@link #limit} is called on the channel's event loop.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
    private int limit;
    private boolean broken;

    /** With the largest frame to accept until {@link #limit} says otherwise, in bytes. */
    public FrameDecoder(int limit) {
        this.limit = limit;
    }

    /** Sets the largest frame to accept from now on: the msize, once it is agreed. In bytes. */
    public void limit(int bytes) {
        this.limit = bytes;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < 4) {
            return;
        }
        long size = in.getUnsignedIntLE(in.readerIndex());
        if (size < Frame.HEADER || size > limit) {
            broken = true;
            in.skipBytes(in.readableBytes());
            throw new MalformedMessageException(
                    "a frame of " + size + " bytes, where " + Frame.HEADER + " to " + limit + " are allowed");
        }
        if (in.readableBytes() >= size) {
            out.add(in.readRetainedSlice((int) size));
        }
    }
}
