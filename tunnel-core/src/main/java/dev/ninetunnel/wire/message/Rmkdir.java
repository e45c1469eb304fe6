package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * A directory that was made.
 *
 * <pre>
 *   size[4] Rmkdir[1] tag[2] qid[13]
 * </pre>
 */
public record Rmkdir(Qid qid) implements Rmessage {
    static Rmkdir read(ByteBuf in) {
        return new Rmkdir(Qid.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
    }
}
