package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Attributes that were changed.
 *
 * <pre>
 *   size[4] Rwstat[1] tag[2]
 * </pre>
 */
public record Rwstat() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
