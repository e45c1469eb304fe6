package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Ends a fid (clunk(5)).
 *
 * <pre>
 *   size[4] Tclunk[1] tag[2] fid[4]
 * </pre>
 */
public record Tclunk(int fid) implements Tmessage {
    static Tclunk read(ByteBuf in) {
        return new Tclunk(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
    }
}
