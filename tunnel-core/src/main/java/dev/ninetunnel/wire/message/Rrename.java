package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * A file that was moved.
 *
 * <pre>
 *   size[4] Rrename[1] tag[2]
 * </pre>
 */
public record Rrename() implements Rmessage {
    static Rrename read(ByteBuf in) {
        return new Rrename();
    }

    @Override
    public MessageType type() {
        return MessageType.RRENAME;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
