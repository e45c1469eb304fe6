package dev.ninetunnel.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Bounds what the other side may send before it has proven who it is, whatever it says of the size of what follows. Below TLS,
 * which keeps what it has not understood yet.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    /** Handshakes are 3 to 20 KB: a long chain of certificates, and keys that resist quantum computers. */
    static final int MOST = 64 << 10;

    private int come;
    private boolean over;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        int size = ((ByteBuf) message).readableBytes();
        ctx.fireChannelRead(message);
        // What comes behind the end of the handshake, in the same piece, does not count.
        if (!ctx.isRemoved() && !over) {
            come += size;
            if (come > MOST) {
                over = true;
                ctx.fireExceptionCaught(new TooMuchException());
                ctx.close();
            }
        }
    }

    /** More than that has come. */
    private static final class TooMuchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuchException() {
            super("it sent more than " + MOST + " bytes before it had proven who it is");
        }
    }
}
