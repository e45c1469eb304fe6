package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * How many bytes there are to read.
 *
 * <pre>
 *   size[4] Rxattrwalk[1] tag[2] size[8]
 * </pre>
 */
public record Rxattrwalk(long size) implements Rmessage {
    static Rxattrwalk read(ByteBuf in) {
        return new Rxattrwalk(in.readLongLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeLongLE(size);
    }
}
