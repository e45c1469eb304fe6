package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * No reply to the old request follows.
 *
 * <pre>
 *   size[4] Rflush[1] tag[2]
 * </pre>
 */
public record Rflush() implements Rmessage {
    static Rflush read(ByteBuf in) {
        return new Rflush();
    }

    @Override
    public MessageType type() {
        return MessageType.RFLUSH;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
