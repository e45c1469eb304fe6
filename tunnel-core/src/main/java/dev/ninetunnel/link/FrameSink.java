package dev.ninetunnel.link;

import io.netty.buffer.ByteBuf;

/** Takes the frames of one conversation in one direction, in order. Called on the event loop of the session. */
@FunctionalInterface
public interface FrameSink {
    /** Takes a frame. The buffer belongs to the sink from here on, which releases it or hands it on. */
    void accept(ByteBuf frame);

    /**
     * Takes a frame, and hears whose it is: where frames have to wait, clients take turns.
     *
     * @param client told by identity; null for none in particular
     * @param fid of a reply, the fid that its request was about; anything if there was none, and for a request
     */
    default void accept(ByteBuf frame, Object client, int fid) {
        accept(frame);
    }

    /** A reply under this tag that has not left yet is not wanted any more: an Rflush follows. */
    default void cancel(int tag) {}

    /** Says that no frame follows for now: what was held back to be sent together should be sent. */
    default void endOfBatch() {}
}
