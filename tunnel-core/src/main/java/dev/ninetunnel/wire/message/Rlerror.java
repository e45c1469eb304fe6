package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * A request failed, by the numbers of Linux.
 *
 * <pre>
 *   size[4] Rlerror[1] tag[2] ecode[4]
 * </pre>
 */
public record Rlerror(int ecode) implements Rmessage {
    static Rlerror read(ByteBuf in) {
        return new Rlerror(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(ecode);
    }
}
