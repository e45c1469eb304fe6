package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/**
 * Makes fid stand for the root of a tree (attach(5)); n_uname is absent in plain 9P2000.
 *
 * <pre>
 *   size[4] Tattach[1] tag[2] fid[4] afid[4] uname[s] aname[s] (n_uname[4])
 * </pre>
 */
public record Tattach(int fid, int afid, Text uname, Text aname, OptionalInt nuname) implements Tmessage {
    static Tattach read(ByteBuf in) {
        return new Tattach(in.readIntLE(), in.readIntLE(), Text.read(in), Text.read(in), Fields.optionalInt(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(afid);
        uname.write(out);
        aname.write(out);
        nuname.ifPresent(out::writeIntLE);
    }
}
