package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Attributes that were changed.
 *
 * <pre>
 *   size[4] Rsetattr[1] tag[2]
 * </pre>
 */
public record Rsetattr() implements Rmessage {
    static Rsetattr read(ByteBuf in) {
        return new Rsetattr();
    }

    @Override
    public MessageType type() {
        return MessageType.RSETATTR;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
