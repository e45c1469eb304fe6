package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * The entry has been moved.
 *
 * <pre>
 *   size[4] Rrenameat2[1] tag[2]
 * </pre>
 */
public record Rrenameat2() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
