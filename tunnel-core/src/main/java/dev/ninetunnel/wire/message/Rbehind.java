package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * How much was written.
 *
 * <pre>
 *   size[4] Rbehind[1] tag[2] count[4]
 * </pre>
 */
public record Rbehind(int count) implements Rmessage {
    static Rbehind read(ByteBuf in) {
        return new Rbehind(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(count);
    }
}
