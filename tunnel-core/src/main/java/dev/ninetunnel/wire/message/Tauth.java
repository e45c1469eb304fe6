package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/**
 * Asks for a fid to prove a user's identity on (attach(5)); n_uname is absent in plain 9P2000.
 *
 * <pre>
 *   size[4] Tauth[1] tag[2] afid[4] uname[s] aname[s] (n_uname[4])
 * </pre>
 */
public record Tauth(int afid, Text uname, Text aname, OptionalInt nuname) implements Tmessage {
    static Tauth read(ByteBuf in) {
        return new Tauth(in.readIntLE(), Text.read(in), Text.read(in), Fields.optionalInt(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(afid);
        uname.write(out);
        aname.write(out);
        nuname.ifPresent(out::writeIntLE);
    }
}
