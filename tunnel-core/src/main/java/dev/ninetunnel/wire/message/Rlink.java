package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * A link that was made.
 *
 * <pre>
 *   size[4] Rlink[1] tag[2]
 * </pre>
 */
public record Rlink() implements Rmessage {
    static Rlink read(ByteBuf in) {
        return new Rlink();
    }

    @Override
    public MessageType type() {
        return MessageType.RLINK;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
