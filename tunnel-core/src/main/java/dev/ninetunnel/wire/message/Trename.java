package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Moves the file that fid stands for to directory dfid.
 *
 * <pre>
 *   size[4] Trename[1] tag[2] fid[4] dfid[4] name[s]
 * </pre>
 */
public record Trename(int fid, int dfid, Text name) implements Tmessage {
    static Trename read(ByteBuf in) {
        return new Trename(in.readIntLE(), in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(dfid);
        name.write(out);
    }
}
