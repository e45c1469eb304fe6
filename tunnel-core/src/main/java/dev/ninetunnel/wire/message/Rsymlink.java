package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * A symbolic link that was made.
 *
 * <pre>
 *   size[4] Rsymlink[1] tag[2] qid[13]
 * </pre>
 */
public record Rsymlink(Qid qid) implements Rmessage {
    static Rsymlink read(ByteBuf in) {
        return new Rsymlink(Qid.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
    }
}
