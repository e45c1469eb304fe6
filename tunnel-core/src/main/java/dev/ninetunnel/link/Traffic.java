package dev.ninetunnel.link;

import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;

/** What has gone over a link since it was made, in one direction. On the link's loop. */
public final class Traffic {
    private long requests;
    private long replies;
    private long bytes;

    void count(ByteBuf frame) {
        if (Frame.isRequest(frame)) {
            requests++;
        } else {
            replies++;
        }
        bytes += frame.readableBytes();
    }

    /** How much that is now. */
    public Amount amount() {
        return new Amount(requests, replies, bytes);
    }

    /**
     * So much.
     *
     * @param requests messages of even type
     * @param replies messages of odd type
     * @param bytes of all of them, before encryption
     */
    public record Amount(long requests, long replies, long bytes) {
        /** None at all. */
        public static final Amount NOTHING = new Amount(0, 0, 0);

        /** Both together. */
        public Amount plus(Amount other) {
            return new Amount(requests + other.requests, replies + other.replies, bytes + other.bytes);
        }
    }
}
