package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * The file is open.
 *
 * <pre>
 *   size[4] Rtmpfile[1] tag[2] qid[13] iounit[4]
 * </pre>
 */
public record Rtmpfile(Qid qid, int iounit) implements Rmessage {
    static Rtmpfile read(ByteBuf in) {
        return new Rtmpfile(Qid.read(in), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        qid.write(out);
        out.writeIntLE(iounit);
    }
}
