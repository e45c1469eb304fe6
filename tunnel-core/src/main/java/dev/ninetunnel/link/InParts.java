package dev.ninetunnel.link;

import dev.ninetunnel.link.Turns.Flow;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;

/**
 * A frame that leaves in parts, and how much of it has left. It belongs to whoever holds this object. On the loop of its
 * queue.
 */
final class InParts {
    private final ByteBuf frame;
    private final Flow flow;
    private int sent;

    /** Of which nothing has left. */
    InParts(ByteBuf frame, Flow flow) {
        this.frame = frame;
        this.flow = flow;
    }

    /** Whether a frame, or the rest of one, leaves in one piece where a part has so many bytes: it is not much longer. */
    static boolean isWhole(ByteBuf frame, int part) {
        return isWhole(frame.readableBytes(), part);
    }

    private static boolean isWhole(int bytes, int part) {
        return bytes <= part + part / 2L;
    }

    ByteBuf frame() {
        return frame;
    }

    /** Where it waited; what must not overtake it waits there. */
    Flow flow() {
        return flow;
    }

    boolean isReply(int tag) {
        return !Frame.isRequest(frame) && Frame.tag(frame) == tag;
    }

    /** How many bytes have left. */
    int sent() {
        return sent;
    }

    /** The next part leaves, which is to have so many bytes. Returns where it ends. */
    int next(int part) {
        int rest = frame.readableBytes() - sent;
        sent += isWhole(rest, part) ? rest : part;
        return sent;
    }

    boolean isOver() {
        return sent == frame.readableBytes();
    }

    /** Nothing counts as having left. Returns how many bytes had. */
    int startOver() {
        int before = sent;
        sent = 0;
        return before;
    }
}
