package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * A request that asks for leases on the file at which it ends as well (docs/protocol.md, "Leases").
 *
 * <pre>
 *   size[4] Twant[1] tag[2] want[1] type[1] body
 * </pre>
 *
 * @param want a sum of {@link dev.ninetunnel.wire.LeaseKinds}
 * @param request what is asked; neither Tversion nor Tflush, nor one of leases
 */
public record Twant(int want, Tmessage request) implements Tmessage {
    static Twant read(ByteBuf in) {
        return new Twant(in.readUnsignedByte(), Tmessage.body(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeByte(want).writeByte(request.type().number());
        request.writeBody(out);
    }
}
