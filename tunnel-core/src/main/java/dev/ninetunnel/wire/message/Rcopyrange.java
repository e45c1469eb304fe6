package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * How many bytes were copied; 0 at the end of the file that is read.
 *
 * <pre>
 *   size[4] Rcopyrange[1] tag[2] count[4]
 * </pre>
 */
public record Rcopyrange(int count) implements Rmessage {
    static Rcopyrange read(ByteBuf in) {
        return new Rcopyrange(in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(count);
    }
}
