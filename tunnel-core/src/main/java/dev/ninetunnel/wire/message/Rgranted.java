package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * The reply to a Twant: that of its request, an error as well, and the leases that come with it.
 *
 * <pre>
 *   size[4] Rgranted[1] tag[2] got[1] lease[8] type[1] body
 * </pre>
 *
 * @param got a sum of {@link dev.ninetunnel.wire.LeaseKinds}, no more than was wanted; 0 for none
 * @param lease a number that this session uses for the file and the attach, and never again for others
 * @param reply to the request that was wrapped
 */
public record Rgranted(int got, long lease, Rmessage reply) implements Rmessage {
    static Rgranted read(ByteBuf in) {
        return new Rgranted(in.readUnsignedByte(), in.readLongLE(), Rmessage.body(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeByte(got).writeLongLE(lease).writeByte(reply.type().number());
        reply.writeBody(out);
    }
}
