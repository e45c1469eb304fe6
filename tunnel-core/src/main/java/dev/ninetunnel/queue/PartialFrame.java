package dev.ninetunnel.queue;

import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;

/**
 * A frame that leaves in parts, and how much of it has left. It belongs to the holder of this object. On the loop of its
 * queue.
 */
final class PartialFrame {
    private final Queued<ByteBuf> queued;
    private int sent;

    /** Of which nothing has left. */
    PartialFrame(Queued<ByteBuf> queued) {
        this.queued = queued;
    }

    /** Whether a frame, or the rest of one, leaves in one piece where a part has this many bytes: it is not much longer. */
    static boolean isWhole(ByteBuf frame, int part) {
        return isWhole(frame.readableBytes(), part);
    }

    private static boolean isWhole(int bytes, int part) {
        return bytes <= part + part / 2L;
    }

    ByteBuf frame() {
        return queued.item();
    }

    /** What must not overtake it waits behind this. */
    Queued<ByteBuf> queued() {
        return queued;
    }

    boolean isReply(int tag) {
        return !Frame.isRequest(frame()) && Frame.tag(frame()) == tag;
    }

    /** How many bytes have left. */
    int sent() {
        return sent;
    }

    /** The next part leaves, of about this many bytes. Returns where it ends. */
    int next(int part) {
        int rest = frame().readableBytes() - sent;
        sent += isWhole(rest, part) ? rest : part;
        return sent;
    }

    boolean isOver() {
        return sent == frame().readableBytes();
    }

    /** Nothing counts as having left. Returns how many bytes had. */
    int startOver() {
        int before = sent;
        sent = 0;
        return before;
    }
}
