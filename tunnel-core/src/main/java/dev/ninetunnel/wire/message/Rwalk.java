package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The qid of each step; fewer than names if a later step failed, and then newfid stands for nothing.
 *
 * <pre>
 *   size[4] Rwalk[1] tag[2] nwqid[2] nwqid*(qid[13])
 * </pre>
 */
public record Rwalk(List<Qid> qids) implements Rmessage {
    public Rwalk {
        qids = List.copyOf(qids);
    }

    static Rwalk read(ByteBuf in) {
        return new Rwalk(Fields.qids(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.qids(out, qids);
    }
}
