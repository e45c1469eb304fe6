package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * The fid can be used to authenticate.
 *
 * <pre>
 *   size[4] Rauth[1] tag[2] aqid[13]
 * </pre>
 */
public record Rauth(Qid aqid) implements Rmessage {
    static Rauth read(ByteBuf in) {
        return new Rauth(Qid.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        aqid.write(out);
    }
}
