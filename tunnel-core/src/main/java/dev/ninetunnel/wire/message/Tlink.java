package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Makes a further name, in directory dfid, for the file that fid stands for.
 *
 * <pre>
 *   size[4] Tlink[1] tag[2] dfid[4] fid[4] name[s]
 * </pre>
 */
public record Tlink(int dfid, int fid, Text name) implements Tmessage {
    static Tlink read(ByteBuf in) {
        return new Tlink(in.readIntLE(), in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(dfid).writeIntLE(fid);
        name.write(out);
    }
}
