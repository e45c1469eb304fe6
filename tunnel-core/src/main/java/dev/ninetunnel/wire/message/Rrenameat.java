package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * An entry that was moved.
 *
 * <pre>
 *   size[4] Rrenameat[1] tag[2]
 * </pre>
 */
public record Rrenameat() implements Rmessage {
    static Rrenameat read(ByteBuf in) {
        return new Rrenameat();
    }

    @Override
    public MessageType type() {
        return MessageType.RRENAMEAT;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
