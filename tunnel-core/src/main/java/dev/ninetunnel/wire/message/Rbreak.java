package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * The lease has been given up: nothing is answered by it any more, and nothing is left to be written.
 *
 * <pre>
 *   size[4] Rbreak[1] tag[2]
 * </pre>
 */
public record Rbreak() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
