package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Asks where a symbolic link points to.
 *
 * <pre>
 *   size[4] Treadlink[1] tag[2] fid[4]
 * </pre>
 */
public record Treadlink(int fid) implements Tmessage {
    static Treadlink read(ByteBuf in) {
        return new Treadlink(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
    }
}
