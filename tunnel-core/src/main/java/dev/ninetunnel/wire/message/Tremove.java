package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Removes the file, and ends the fid in any case (remove(5)).
 *
 * <pre>
 *   size[4] Tremove[1] tag[2] fid[4]
 * </pre>
 */
public record Tremove(int fid) implements Tmessage {
    static Tremove read(ByteBuf in) {
        return new Tremove(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
    }
}
