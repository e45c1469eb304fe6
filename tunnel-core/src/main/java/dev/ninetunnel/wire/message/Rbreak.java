package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * The lease has been given up: nothing is answered by it any more, and nothing is left to be written.
 *
 * <pre>
 *   size[4] Rbreak[1] tag[2]
 * </pre>
 */
public record Rbreak() implements Rmessage {
    static Rbreak read(ByteBuf in) {
        return new Rbreak();
    }

    @Override
    public MessageType type() {
        return MessageType.RBREAK;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
