package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * All the leases are given up.
 *
 * <pre>
 *   size[4] Rbreaks[1] tag[2]
 * </pre>
 */
public record Rbreaks() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {
        // There is nothing behind the tag.
    }
}
