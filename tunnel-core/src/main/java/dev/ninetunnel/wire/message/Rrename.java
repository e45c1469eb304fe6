package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * A file that was moved.
 *
 * <pre>
 *   size[4] Rrename[1] tag[2]
 * </pre>
 */
public record Rrename() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
