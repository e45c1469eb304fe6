package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Makes newfid stand for an extended attribute of fid, or for the list of them if the name is empty.
 *
 * <pre>
 *   size[4] Txattrwalk[1] tag[2] fid[4] newfid[4] name[s]
 * </pre>
 */
public record Txattrwalk(int fid, int newfid, Text name) implements Tmessage {
    static Txattrwalk read(ByteBuf in) {
        return new Txattrwalk(in.readIntLE(), in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(newfid);
        name.write(out);
    }
}
