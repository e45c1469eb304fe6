package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * The file was removed.
 *
 * <pre>
 *   size[4] Rremove[1] tag[2]
 * </pre>
 */
public record Rremove() implements Rmessage {
    static Rremove read(ByteBuf in) {
        return new Rremove();
    }

    @Override
    public MessageType type() {
        return MessageType.RREMOVE;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
