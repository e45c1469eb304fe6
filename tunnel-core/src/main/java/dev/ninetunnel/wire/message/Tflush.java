package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Gives up on a request (flush(5)).
 *
 * <pre>
 *   size[4] Tflush[1] tag[2] oldtag[2]
 * </pre>
 */
public record Tflush(int oldtag) implements Tmessage {
    static Tflush read(ByteBuf in) {
        return new Tflush(in.readUnsignedShortLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeShortLE(oldtag);
    }
}
