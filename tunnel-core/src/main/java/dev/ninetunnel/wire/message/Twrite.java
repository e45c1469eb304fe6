package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Writes (read(5)).
 *
 * <pre>
 *   size[4] Twrite[1] tag[2] fid[4] offset[8] count[4] data[count]
 * </pre>
 *
 * <p>The data is a view of the frame that it was read from, and holds no reference to it: it is valid as long as
 * that is.
 */
public record Twrite(int fid, long offset, ByteBuf data) implements Tmessage {
    static Twrite read(ByteBuf in) {
        return new Twrite(in.readIntLE(), in.readLongLE(), Fields.data(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeLongLE(offset);
        Fields.data(out, data);
    }
}
