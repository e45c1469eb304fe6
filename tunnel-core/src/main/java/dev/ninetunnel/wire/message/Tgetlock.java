package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Asks which lock is in the way of this one.
 *
 * <pre>
 *   size[4] Tgetlock[1] tag[2] fid[4] lock_type[1] start[8] length[8] proc_id[4] client_id[s]
 * </pre>
 */
public record Tgetlock(int fid, int lockType, long start, long length, int procId, Text clientId) implements Tmessage {
    static Tgetlock read(ByteBuf in) {
        return new Tgetlock(in.readIntLE(), in.readUnsignedByte(), in.readLongLE(), in.readLongLE(), in.readIntLE(),
                Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeByte(lockType).writeLongLE(start).writeLongLE(length).writeIntLE(procId);
        clientId.write(out);
    }
}
