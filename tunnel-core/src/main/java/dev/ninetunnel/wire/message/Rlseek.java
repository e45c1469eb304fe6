package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Where that is.
 *
 * <pre>
 *   size[4] Rlseek[1] tag[2] offset[8]
 * </pre>
 */
public record Rlseek(long offset) implements Rmessage {
    static Rlseek read(ByteBuf in) {
        return new Rlseek(in.readLongLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeLongLE(offset);
    }
}
