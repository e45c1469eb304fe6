package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * An extended attribute that may be written.
 *
 * <pre>
 *   size[4] Rxattrcreate[1] tag[2]
 * </pre>
 */
public record Rxattrcreate() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
