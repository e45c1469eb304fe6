package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * A file's attributes.
 *
 * <pre>
 *   size[4] Rstat[1] tag[2] n[2] stat[n]
 * </pre>
 */
public record Rstat(Stat stat) implements Rmessage {
    static Rstat read(ByteBuf in) {
        return new Rstat(Fields.stat(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.stat(out, stat);
    }
}
