package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * An entry that was removed.
 *
 * <pre>
 *   size[4] Runlinkat[1] tag[2]
 * </pre>
 */
public record Runlinkat() implements Rmessage {
    static Runlinkat read(ByteBuf in) {
        return new Runlinkat();
    }

    @Override
    public MessageType type() {
        return MessageType.RUNLINKAT;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
