package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * The fid has ended.
 *
 * <pre>
 *   size[4] Rclunk[1] tag[2]
 * </pre>
 */
public record Rclunk() implements Rmessage {
    static Rclunk read(ByteBuf in) {
        return new Rclunk();
    }

    @Override
    public MessageType type() {
        return MessageType.RCLUNK;
    }

    @Override
    public void writeBody(ByteBuf out) {}
}
