package dev.ninetunnel.serve;

import dev.ninetunnel.lease.Recalls;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rbreak;
import dev.ninetunnel.wire.message.Rbreaks;
import dev.ninetunnel.wire.message.Tbreak;
import dev.ninetunnel.wire.message.Tbreaks;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** What the far side, which has granted leases, asks back (Tbreak and Tbreaks). Nothing else bounds these. Used on the event loop only. */
final class RecallRequests {
    /** Leases that are asked back and not given up: as many as there are tags. */
    private static final int MOST = Frame.NOTAG;

    private final Recalls recalls;
    private final Consumer<ByteBuf> replies;
    private int open;

    RecallRequests(Recalls recalls, Consumer<ByteBuf> replies) {
        this.recalls = recalls;
        this.replies = replies;
    }

    /**
     * Takes one, whose shape is right; the frame stays the caller's.
     *
     * @throws MalformedMessageException if it is of more leases than there can be
     */
    void take(ByteBuf frame, MessageType type) {
        int tag = Frame.tag(frame);
        if (type == MessageType.TBREAK) {
            Tbreak lost = (Tbreak) Tmessage.readChecked(frame);
            begin(1);
            recalls.take(lost.lease(), lost.lost(), () -> end(1, Replies.frame(new Rbreak(), tag)));
        } else {
            long[] lost = ((Tbreaks) Tmessage.readChecked(frame)).numbers();
            begin(lost.length);
            recalls.takeAll(lost, () -> end(lost.length, Replies.frame(new Rbreaks(), tag)));
        }
    }

    private void begin(int leases) {
        if (open + leases > MOST) {
            throw new MalformedMessageException("more than " + MOST + " leases are asked back at once");
        }
        open += leases;
    }

    private void end(int leases, ByteBuf reply) {
        open -= leases;
        replies.accept(reply);
    }
}
