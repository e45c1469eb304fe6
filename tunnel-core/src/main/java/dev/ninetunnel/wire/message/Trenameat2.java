package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Moves an entry of one directory to another as renameat2(2) does. Not of 9P2000.L: see {@link MessageType#isExtended}.
 *
 * <pre>
 *   size[4] Trenameat2[1] tag[2] olddirfid[4] oldname[s] newdirfid[4] newname[s] flags[4]
 * </pre>
 *
 * @param flags 0; 1: not over another (RENAME_NOREPLACE); 2: each takes the other's place (RENAME_EXCHANGE)
 */
public record Trenameat2(int olddirfid, Text oldname, int newdirfid, Text newname, int flags) implements Tmessage {
    static Trenameat2 read(ByteBuf in) {
        return new Trenameat2(in.readIntLE(), Text.read(in), in.readIntLE(), Text.read(in), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(olddirfid);
        oldname.write(out);
        out.writeIntLE(newdirfid);
        newname.write(out);
        out.writeIntLE(flags);
    }
}
