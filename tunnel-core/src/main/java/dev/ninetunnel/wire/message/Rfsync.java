package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * A file that is on the disk.
 *
 * <pre>
 *   size[4] Rfsync[1] tag[2]
 * </pre>
 */
public record Rfsync() implements Rmessage {
    @Override
    public void writeBody(ByteBuf out) {}
}
