package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Makes a symbolic link.
 *
 * <pre>
 *   size[4] Tsymlink[1] tag[2] dfid[4] name[s] target[s] gid[4]
 * </pre>
 */
public record Tsymlink(int dfid, Text name, Text target, int gid) implements Tmessage {
    static Tsymlink read(ByteBuf in) {
        return new Tsymlink(in.readIntLE(), Text.read(in), Text.read(in), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(dfid);
        name.write(out);
        target.write(out);
        out.writeIntLE(gid);
    }
}
