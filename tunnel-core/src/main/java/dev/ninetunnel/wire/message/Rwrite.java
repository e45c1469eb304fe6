package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * How many bytes were written.
 *
 * <pre>
 *   size[4] Rwrite[1] tag[2] count[4]
 * </pre>
 */
public record Rwrite(int count) implements Rmessage {
    static Rwrite read(ByteBuf in) {
        return new Rwrite(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(count);
    }
}
