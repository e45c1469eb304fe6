package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Asks for a checksum of what an open file has, so that it need not be read from afar to be compared. Not of 9P2000.L: see
 * {@link MessageType#isExtended}.
 *
 * <pre>
 *   size[4] Tchecksum[1] tag[2] fid[4] offset[8] count[4]
 * </pre>
 *
 * @param offset of the first byte
 * @param count of how many bytes at most, unsigned
 */
public record Tchecksum(int fid, long offset, int count) implements Tmessage {
    static Tchecksum read(ByteBuf in) {
        return new Tchecksum(in.readIntLE(), in.readLongLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
        out.writeLongLE(offset);
        out.writeIntLE(count);
    }
}
