package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Asks for a file's attributes (stat(5)).
 *
 * <pre>
 *   size[4] Tstat[1] tag[2] fid[4]
 * </pre>
 */
public record Tstat(int fid) implements Tmessage {
    static Tstat read(ByteBuf in) {
        return new Tstat(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
    }
}
