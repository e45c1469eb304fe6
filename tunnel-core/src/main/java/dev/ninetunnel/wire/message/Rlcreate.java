package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * A file that was made and is open.
 *
 * <pre>
 *   size[4] Rlcreate[1] tag[2] qid[13] iounit[4]
 * </pre>
 */
public record Rlcreate(Qid qid, int iounit) implements Rmessage {
    static Rlcreate read(ByteBuf in) {
        return new Rlcreate(Qid.read(in), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
        out.writeIntLE(iounit);
    }
}
