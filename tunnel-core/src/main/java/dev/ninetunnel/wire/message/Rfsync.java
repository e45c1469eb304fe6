package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * A file that is on the disk.
 *
 * <pre>
 *   size[4] Rfsync[1] tag[2]
 * </pre>
 */
public record Rfsync() implements Rmessage {
    static Rfsync read(ByteBuf in) {
        return new Rfsync();
    }

    @Override
    public MessageType type() {
        return MessageType.RFSYNC;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
