package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * No reply to the old request follows.
 *
 * <pre>
 *   size[4] Rflush[1] tag[2]
 * </pre>
 */
public record Rflush() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
