package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * A write of which the client has been told that it is done, under an exclusive lease.
 *
 * <pre>
 *   size[4] Tbehind[1] tag[2] lease[8] fid[4] offset[8] count[4] data[count]
 * </pre>
 *
 * <p>The data is a view of the frame that it was read from, and holds no reference to it: it is valid as long as
 * that is.
 */
public record Tbehind(long lease, int fid, long offset, ByteBuf data) implements Tmessage {
    static Tbehind read(ByteBuf in) {
        return new Tbehind(in.readLongLE(), in.readIntLE(), in.readLongLE(), Fields.data(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeLongLE(lease).writeIntLE(fid).writeLongLE(offset);
        Fields.data(out, data);
    }
}
