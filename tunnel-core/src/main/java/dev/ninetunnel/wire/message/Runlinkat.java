package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * An entry that was removed.
 *
 * <pre>
 *   size[4] Runlinkat[1] tag[2]
 * </pre>
 */
public record Runlinkat() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
