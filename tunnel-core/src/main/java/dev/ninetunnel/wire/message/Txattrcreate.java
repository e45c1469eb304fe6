package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Makes fid stand for a new value of an extended attribute, of the given size in bytes, to be written and then clunked.
 *
 * <pre>
 *   size[4] Txattrcreate[1] tag[2] fid[4] name[s] size[8] flags[4]
 * </pre>
 */
public record Txattrcreate(int fid, Text name, long size, int flags) implements Tmessage {
    static Txattrcreate read(ByteBuf in) {
        return new Txattrcreate(in.readIntLE(), Text.read(in), in.readLongLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
        name.write(out);
        out.writeLongLE(size).writeIntLE(flags);
    }
}
