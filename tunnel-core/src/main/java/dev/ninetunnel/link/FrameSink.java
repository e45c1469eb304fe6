package dev.ninetunnel.link;

import io.netty.buffer.ByteBuf;

/** Takes the frames of one conversation in one direction, in order. Called on the event loop of the session. */
@FunctionalInterface
public interface FrameSink {
    /** Takes a frame. The buffer belongs to the sink from here on, which releases it or hands it on. */
    void accept(ByteBuf frame);

    /** Says that no frame follows for now: what was held back to be sent together should be sent. */
    default void endOfBatch() {}
}
