package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * It has been done.
 *
 * <pre>
 *   size[4] Rfallocate[1] tag[2]
 * </pre>
 */
public record Rfallocate() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
