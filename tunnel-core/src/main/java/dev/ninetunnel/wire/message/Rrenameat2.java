package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * The entry has been moved.
 *
 * <pre>
 *   size[4] Rrenameat2[1] tag[2]
 * </pre>
 */
public record Rrenameat2() implements Rmessage {
    static Rrenameat2 read(ByteBuf in) {
        return new Rrenameat2();
    }

    @Override
    public MessageType type() {
        return MessageType.RRENAMEAT2;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
