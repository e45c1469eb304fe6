package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * A file that was put into a directory.
 *
 * <pre>
 *   size[4] Rput[1] tag[2] qid[13]
 * </pre>
 */
public record Rput(Qid qid) implements Rmessage {
    static Rput read(ByteBuf in) {
        return new Rput(Qid.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
    }
}
