package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * An open file. An iounit of 0 leaves the size of reads and writes to the msize.
 *
 * <pre>
 *   size[4] Ropen[1] tag[2] qid[13] iounit[4]
 * </pre>
 */
public record Ropen(Qid qid, int iounit) implements Rmessage {
    static Ropen read(ByteBuf in) {
        return new Ropen(Qid.read(in), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
        out.writeIntLE(iounit);
    }
}
