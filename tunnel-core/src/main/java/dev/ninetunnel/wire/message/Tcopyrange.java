package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Copies from one open file to another at the server (copy_file_range(2)). Not of 9P2000.L: see {@link
 * MessageType#isExtended}.
 *
 * <pre>
 *   size[4] Tcopyrange[1] tag[2] fid[4] offset[8] fromfid[4] fromoffset[8] count[4]
 * </pre>
 *
 * @param fid of the file that is written
 * @param count the most bytes; the server may copy fewer
 */
public record Tcopyrange(int fid, long offset, int fromfid, long fromoffset, int count) implements Tmessage {
    static Tcopyrange read(ByteBuf in) {
        return new Tcopyrange(in.readIntLE(), in.readLongLE(), in.readIntLE(), in.readLongLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeLongLE(offset).writeIntLE(fromfid).writeLongLE(fromoffset).writeIntLE(count);
    }
}
