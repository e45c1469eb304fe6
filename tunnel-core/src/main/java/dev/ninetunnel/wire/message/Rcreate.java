package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * A file that was made and is open.
 *
 * <pre>
 *   size[4] Rcreate[1] tag[2] qid[13] iounit[4]
 * </pre>
 */
public record Rcreate(Qid qid, int iounit) implements Rmessage {
    static Rcreate read(ByteBuf in) {
        return new Rcreate(Qid.read(in), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
        out.writeIntLE(iounit);
    }
}
