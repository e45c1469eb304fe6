package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Reads at most count bytes (read(5)).
 *
 * <pre>
 *   size[4] Tread[1] tag[2] fid[4] offset[8] count[4]
 * </pre>
 */
public record Tread(int fid, long offset, int count) implements Tmessage {
    static Tread read(ByteBuf in) {
        return new Tread(in.readIntLE(), in.readLongLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeLongLE(offset).writeIntLE(count);
    }
}
