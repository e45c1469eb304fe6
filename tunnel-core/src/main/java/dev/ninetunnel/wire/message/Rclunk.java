package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * The fid has ended.
 *
 * <pre>
 *   size[4] Rclunk[1] tag[2]
 * </pre>
 */
public record Rclunk() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
