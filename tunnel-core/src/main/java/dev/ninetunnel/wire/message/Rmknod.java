package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * A file that was made.
 *
 * <pre>
 *   size[4] Rmknod[1] tag[2] qid[13]
 * </pre>
 */
public record Rmknod(Qid qid) implements Rmessage {
    static Rmknod read(ByteBuf in) {
        return new Rmknod(Qid.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
    }
}
