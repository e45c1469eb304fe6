package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Changes the attributes in {@code valid}.
 *
 * <pre>
 *   size[4] Tsetattr[1] tag[2] fid[4] valid[4] mode[4] uid[4] gid[4] size[8] atime_sec[8] atime_nsec[8]
 *       mtime_sec[8] mtime_nsec[8]
 * </pre>
 */
public record Tsetattr(int fid, int valid, int mode, int uid, int gid, long size, long atimeSec, long atimeNsec,
        long mtimeSec, long mtimeNsec) implements Tmessage {
    static Tsetattr read(ByteBuf in) {
        return new Tsetattr(in.readIntLE(), in.readIntLE(), in.readIntLE(), in.readIntLE(), in.readIntLE(),
                in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE());
    }

    /** The same change of the file that another fid stands for. */
    public Tsetattr of(int other) {
        return new Tsetattr(other, valid, mode, uid, gid, size, atimeSec, atimeNsec, mtimeSec, mtimeNsec);
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(valid).writeIntLE(mode).writeIntLE(uid).writeIntLE(gid).writeLongLE(size)
                .writeLongLE(atimeSec).writeLongLE(atimeNsec).writeLongLE(mtimeSec).writeLongLE(mtimeNsec);
    }
}
