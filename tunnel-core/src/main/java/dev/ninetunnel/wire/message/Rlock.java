package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * 0 success, 1 blocked, 2 error, 3 grace.
 *
 * <pre>
 *   size[4] Rlock[1] tag[2] status[1]
 * </pre>
 */
public record Rlock(int status) implements Rmessage {
    static Rlock read(ByteBuf in) {
        return new Rlock(in.readUnsignedByte());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeByte(status);
    }
}
