package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * The lock in the way; lockType 2 if there is none.
 *
 * <pre>
 *   size[4] Rgetlock[1] tag[2] lock_type[1] start[8] length[8] proc_id[4] client_id[s]
 * </pre>
 */
public record Rgetlock(int lockType, long start, long length, int procId, Text clientId) implements Rmessage {
    static Rgetlock read(ByteBuf in) {
        return new Rgetlock(in.readUnsignedByte(), in.readLongLE(), in.readLongLE(), in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeByte(lockType).writeLongLE(start).writeLongLE(length).writeIntLE(procId);
        clientId.write(out);
    }
}
