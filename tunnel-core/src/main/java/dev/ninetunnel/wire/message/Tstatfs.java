package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * What is known of the file system that a fid is on.
 *
 * <pre>
 *   size[4] Tstatfs[1] tag[2] fid[4]
 * </pre>
 */
public record Tstatfs(int fid) implements Tmessage {
    static Tstatfs read(ByteBuf in) {
        return new Tstatfs(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
    }
}
