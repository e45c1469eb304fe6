package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * It has been done.
 *
 * <pre>
 *   size[4] Rfallocate[1] tag[2]
 * </pre>
 */
public record Rfallocate() implements Rmessage {
    static Rfallocate read(ByteBuf in) {
        return new Rfallocate();
    }

    @Override
    public MessageType type() {
        return MessageType.RFALLOCATE;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
