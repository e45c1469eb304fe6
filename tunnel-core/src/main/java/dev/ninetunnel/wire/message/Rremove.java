package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * The file was removed.
 *
 * <pre>
 *   size[4] Rremove[1] tag[2]
 * </pre>
 */
public record Rremove() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
