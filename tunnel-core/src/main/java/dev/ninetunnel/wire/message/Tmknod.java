package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Makes a device, fifo, socket or empty file.
 *
 * <pre>
 *   size[4] Tmknod[1] tag[2] dfid[4] name[s] mode[4] major[4] minor[4] gid[4]
 * </pre>
 */
public record Tmknod(int dfid, Text name, int mode, int major, int minor, int gid) implements Tmessage {
    static Tmknod read(ByteBuf in) {
        return new Tmknod(in.readIntLE(), Text.read(in), in.readIntLE(), in.readIntLE(), in.readIntLE(),
                in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(dfid);
        name.write(out);
        out.writeIntLE(mode).writeIntLE(major).writeIntLE(minor).writeIntLE(gid);
    }
}
