package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * An extended attribute that may be written.
 *
 * <pre>
 *   size[4] Rxattrcreate[1] tag[2]
 * </pre>
 */
public record Rxattrcreate() implements Rmessage {
    static Rxattrcreate read(ByteBuf in) {
        return new Rxattrcreate();
    }

    @Override
    public MessageType type() {
        return MessageType.RXATTRCREATE;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
