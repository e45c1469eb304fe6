package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Asks for the attributes in the mask.
 *
 * <pre>
 *   size[4] Tgetattr[1] tag[2] fid[4] mask[8]
 * </pre>
 */
public record Tgetattr(int fid, long mask) implements Tmessage {
    static Tgetattr read(ByteBuf in) {
        return new Tgetattr(in.readIntLE(), in.readLongLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeLongLE(mask);
    }
}
