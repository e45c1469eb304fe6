package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Makes a file in the directory that fid stands for, and opens it: fid stands for the file from then on.
 *
 * <pre>
 *   size[4] Tlcreate[1] tag[2] fid[4] name[s] flags[4] mode[4] gid[4]
 * </pre>
 */
public record Tlcreate(int fid, Text name, int flags, int mode, int gid) implements Tmessage {
    static Tlcreate read(ByteBuf in) {
        return new Tlcreate(in.readIntLE(), Text.read(in), in.readIntLE(), in.readIntLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
        name.write(out);
        out.writeIntLE(flags).writeIntLE(mode).writeIntLE(gid);
    }
}
