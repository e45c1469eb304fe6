package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Takes or gives up a lock on a range of bytes.
 *
 * <pre>
 *   size[4] Tlock[1] tag[2] fid[4] lock_type[1] flags[4] start[8] length[8] proc_id[4] client_id[s]
 * </pre>
 */
public record Tlock(int fid, int lockType, int flags, long start, long length, int procId,
        Text clientId) implements Tmessage {
    static Tlock read(ByteBuf in) {
        return new Tlock(in.readIntLE(), in.readUnsignedByte(), in.readIntLE(), in.readLongLE(), in.readLongLE(),
                in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeByte(lockType).writeIntLE(flags).writeLongLE(start).writeLongLE(length)
                .writeIntLE(procId);
        clientId.write(out);
    }
}
