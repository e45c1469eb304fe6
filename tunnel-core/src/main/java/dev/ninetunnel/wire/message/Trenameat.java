package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Moves an entry of one directory to another.
 *
 * <pre>
 *   size[4] Trenameat[1] tag[2] olddirfid[4] oldname[s] newdirfid[4] newname[s]
 * </pre>
 */
public record Trenameat(int olddirfid, Text oldname, int newdirfid, Text newname) implements Tmessage {
    static Trenameat read(ByteBuf in) {
        return new Trenameat(in.readIntLE(), Text.read(in), in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(olddirfid);
        oldname.write(out);
        out.writeIntLE(newdirfid);
        newname.write(out);
    }
}
