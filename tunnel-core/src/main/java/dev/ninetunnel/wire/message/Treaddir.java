package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Lists a directory from a cookie on (0: its start), in at most count bytes.
 *
 * <pre>
 *   size[4] Treaddir[1] tag[2] fid[4] offset[8] count[4]
 * </pre>
 */
public record Treaddir(int fid, long offset, int count) implements Tmessage {
    static Treaddir read(ByteBuf in) {
        return new Treaddir(in.readIntLE(), in.readLongLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeLongLE(offset).writeIntLE(count);
    }
}
