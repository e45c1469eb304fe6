package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Changes attributes; a field of all ones, or an empty string, stays (stat(5)).
 *
 * <pre>
 *   size[4] Twstat[1] tag[2] fid[4] n[2] stat[n]
 * </pre>
 */
public record Twstat(int fid, Stat stat) implements Tmessage {
    static Twstat read(ByteBuf in) {
        return new Twstat(in.readIntLE(), Fields.stat(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
        Fields.stat(out, stat);
    }
}
