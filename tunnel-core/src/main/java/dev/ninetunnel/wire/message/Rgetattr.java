package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * Attributes, those in {@code valid}.
 *
 * <pre>
 *   size[4] Rgetattr[1] tag[2] valid[8] qid[13] mode[4] uid[4] gid[4] nlink[8] rdev[8] size[8] blksize[8]
 *       blocks[8] atime_sec[8] atime_nsec[8] mtime_sec[8] mtime_nsec[8] ctime_sec[8] ctime_nsec[8] btime_sec[8]
 *       btime_nsec[8] gen[8] data_version[8]
 * </pre>
 */
public record Rgetattr(long valid, Qid qid, int mode, int uid, int gid, long nlink, long rdev, long size, long blksize,
        long blocks, long atimeSec, long atimeNsec, long mtimeSec, long mtimeNsec, long ctimeSec, long ctimeNsec,
        long btimeSec, long btimeNsec, long gen, long dataVersion) implements Rmessage {
    static Rgetattr read(ByteBuf in) {
        return new Rgetattr(in.readLongLE(), Qid.read(in), in.readIntLE(), in.readIntLE(), in.readIntLE(),
                in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(),
                in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readLongLE(),
                in.readLongLE(), in.readLongLE(), in.readLongLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeLongLE(valid);
        qid.write(out);
        out.writeIntLE(mode).writeIntLE(uid).writeIntLE(gid).writeLongLE(nlink).writeLongLE(rdev).writeLongLE(size)
                .writeLongLE(blksize).writeLongLE(blocks).writeLongLE(atimeSec).writeLongLE(atimeNsec)
                .writeLongLE(mtimeSec).writeLongLE(mtimeNsec).writeLongLE(ctimeSec).writeLongLE(ctimeNsec)
                .writeLongLE(btimeSec).writeLongLE(btimeNsec).writeLongLE(gen).writeLongLE(dataVersion);
    }
}
