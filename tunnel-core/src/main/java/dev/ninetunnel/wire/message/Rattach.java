package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * The root's qid.
 *
 * <pre>
 *   size[4] Rattach[1] tag[2] qid[13]
 * </pre>
 */
public record Rattach(Qid qid) implements Rmessage {
    static Rattach read(ByteBuf in) {
        return new Rattach(Qid.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
    }
}
