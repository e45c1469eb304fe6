package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Makes a directory.
 *
 * <pre>
 *   size[4] Tmkdir[1] tag[2] dfid[4] name[s] mode[4] gid[4]
 * </pre>
 */
public record Tmkdir(int dfid, Text name, int mode, int gid) implements Tmessage {
    static Tmkdir read(ByteBuf in) {
        return new Tmkdir(in.readIntLE(), Text.read(in), in.readIntLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(dfid);
        name.write(out);
        out.writeIntLE(mode).writeIntLE(gid);
    }
}
