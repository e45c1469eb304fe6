package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Allocates or frees space of an open file (fallocate(2)). Not of 9P2000.L: see {@link MessageType#isExtended}.
 *
 * <pre>
 *   size[4] Tfallocate[1] tag[2] fid[4] mode[4] offset[8] length[8]
 * </pre>
 *
 * @param mode of FALLOC_FL_KEEP_SIZE (1), FALLOC_FL_PUNCH_HOLE (2), FALLOC_FL_ZERO_RANGE (16)
 * @param offset in bytes
 * @param length in bytes
 */
public record Tfallocate(int fid, int mode, long offset, long length) implements Tmessage {
    static Tfallocate read(ByteBuf in) {
        return new Tfallocate(in.readIntLE(), in.readIntLE(), in.readLongLE(), in.readLongLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(mode).writeLongLE(offset).writeLongLE(length);
    }
}
