package dev.ninetunnel.serve;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * What a worker has made, and what the loop does with it.
 *
 * @param reply is that of {@code then}, or of {@link #drop}; null if there is none
 */
record WorkerResult(ByteBuf reply, Consumer<ByteBuf> then) {
    /** On the loop. */
    void deliver() {
        then.accept(reply);
    }

    /** When there is no loop any more. */
    void drop() {
        if (reply != null) {
            reply.release();
        }
    }
}
