package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Opens a fid (open(5)).
 *
 * <pre>
 *   size[4] Topen[1] tag[2] fid[4] mode[1]
 * </pre>
 */
public record Topen(int fid, int mode) implements Tmessage {
    static Topen read(ByteBuf in) {
        return new Topen(in.readIntLE(), in.readUnsignedByte());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeByte(mode);
    }
}
