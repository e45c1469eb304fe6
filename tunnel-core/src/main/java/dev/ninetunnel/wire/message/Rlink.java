package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * A link that was made.
 *
 * <pre>
 *   size[4] Rlink[1] tag[2]
 * </pre>
 */
public record Rlink() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
