package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Opens a fid, with the open flags of Linux as 9P2000.L numbers them.
 *
 * <pre>
 *   size[4] Tlopen[1] tag[2] fid[4] flags[4]
 * </pre>
 */
public record Tlopen(int fid, int flags) implements Tmessage {
    static Tlopen read(ByteBuf in) {
        return new Tlopen(in.readIntLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(flags);
    }
}
