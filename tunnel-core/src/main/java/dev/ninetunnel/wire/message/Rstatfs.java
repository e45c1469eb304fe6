package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Space and limits, as statfs(2) tells them.
 *
 * <pre>
 *   size[4] Rstatfs[1] tag[2] fstype[4] bsize[4] blocks[8] bfree[8] bavail[8] files[8] ffree[8] fsid[8] namelen[4]
 * </pre>
 */
public record Rstatfs(int fstype, int bsize, long blocks, long bfree, long bavail, long files, long ffree, long fsid,
        int namelen) implements Rmessage {
    static Rstatfs read(ByteBuf in) {
        return new Rstatfs(in.readIntLE(), in.readIntLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(),
                in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fstype).writeIntLE(bsize).writeLongLE(blocks).writeLongLE(bfree).writeLongLE(bavail)
                .writeLongLE(files).writeLongLE(ffree).writeLongLE(fsid).writeIntLE(namelen);
    }
}
