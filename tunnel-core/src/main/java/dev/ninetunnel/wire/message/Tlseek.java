package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Asks where an open file has data or a hole (lseek(2)). Not of 9P2000.L: see {@link MessageType#isExtended}.
 *
 * <pre>
 *   size[4] Tlseek[1] tag[2] fid[4] offset[8] whence[4]
 * </pre>
 *
 * @param offset from which to look, in bytes
 * @param whence 3 for the next data (SEEK_DATA), 4 for the next hole (SEEK_HOLE)
 */
public record Tlseek(int fid, long offset, int whence) implements Tmessage {
    static Tlseek read(ByteBuf in) {
        return new Tlseek(in.readIntLE(), in.readLongLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeLongLE(offset).writeIntLE(whence);
    }
}
