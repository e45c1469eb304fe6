package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Attributes that were changed.
 *
 * <pre>
 *   size[4] Rwstat[1] tag[2]
 * </pre>
 */
public record Rwstat() implements Rmessage {
    static Rwstat read(ByteBuf in) {
        return new Rwstat();
    }

    @Override
    public MessageType type() {
        return MessageType.RWSTAT;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
