package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Writes (read(5)).
 *
 * <pre>
 *   size[4] Twrite[1] tag[2] fid[4] offset[8] count[4] data[count]
 * </pre>
 *
 * <p>The data is a view of the frame that it was read from, and holds no reference to it: it is valid as long as
 * that is.
 */
public record Twrite(int fid, long offset, ByteBuf data) implements Tmessage {
    static Twrite read(ByteBuf in) {
        return new Twrite(in.readIntLE(), in.readLongLE(), Fields.data(in));
    }

    /** Writes the frame up to its data, which are to follow there. */
    public void writeHead(ByteBuf out, int tag) {
        int start = Frame.begin(out, MessageType.TWRITE, tag);
        out.writeIntLE(fid).writeLongLE(offset).writeIntLE(data.readableBytes());
        out.setIntLE(start, out.writerIndex() - start + data.readableBytes());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeLongLE(offset);
        Fields.data(out, data);
    }
}
