package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * An entry that was moved.
 *
 * <pre>
 *   size[4] Rrenameat[1] tag[2]
 * </pre>
 */
public record Rrenameat() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
