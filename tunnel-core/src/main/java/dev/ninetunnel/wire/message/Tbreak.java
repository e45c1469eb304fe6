package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Asks the holder of a lease to give it up; in the conversation in which the granter asks.
 *
 * <pre>
 *   size[4] Tbreak[1] tag[2] lease[8] lost[1]
 * </pre>
 *
 * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}: those to give up
 */
public record Tbreak(long lease, int lost) implements Tmessage {
    static Tbreak read(ByteBuf in) {
        return new Tbreak(in.readLongLE(), in.readUnsignedByte());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeLongLE(lease).writeByte(lost);
    }
}
