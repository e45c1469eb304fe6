package dev.ninetunnel.fuse;

import dev.ninetunnel.wire.message.Rgetattr;
import io.netty.buffer.ByteBuf;

/** Writes what the kernel gets of a file, and for how long it may keep that: not at all where no lease is held. */
final class AttributeWriter {
    /** {@code struct fuse_attr}, {@code fuse_entry_out} and {@code fuse_attr_out}, in bytes. */
    static final int ATTRIBUTES = 88;
    static final int ENTRY = 40 + ATTRIBUTES;
    static final int ANSWER = 16 + ATTRIBUTES;
    private static final long SECOND = 1_000_000_000L;
    private static final int LARGEST_BLOCK = 1 << 20;

    private final Owners owners;

    AttributeWriter(Owners owners) {
        this.owners = owners;
    }

    /**
     * {@code struct fuse_attr}:
     *
     * <pre>
     *   ino[8] size[8] blocks[8] atime[8] mtime[8] ctime[8] atimensec[4] mtimensec[4] ctimensec[4] mode[4] nlink[4]
     *       uid[4] gid[4] rdev[4] blksize[4] flags[4]
     * </pre>
     */
    void attributes(ByteBuf out, Rgetattr a) {
        out.writeLongLE(a.qid().path()).writeLongLE(a.size()).writeLongLE(a.blocks());
        out.writeLongLE(a.atimeSec()).writeLongLE(a.mtimeSec()).writeLongLE(a.ctimeSec());
        out.writeIntLE((int) a.atimeNsec()).writeIntLE((int) a.mtimeNsec()).writeIntLE((int) a.ctimeNsec());
        out.writeIntLE(a.mode()).writeIntLE((int) a.nlink());
        out.writeIntLE(owners.uid(a.uid())).writeIntLE(owners.gid(a.gid()));
        out.writeIntLE((int) a.rdev()).writeIntLE((int) Math.min(a.blksize(), LARGEST_BLOCK)).writeIntLE(0);
    }

    /**
     * {@code struct fuse_entry_out}:
     *
     * <pre>
     *   nodeid[8] generation[8] entry_valid[8] attr_valid[8] entry_valid_nsec[4] attr_valid_nsec[4] attr[88]
     * </pre>
     */
    void entry(ByteBuf out, Inode inode, Rgetattr attributes, long nameNanos, long attributeNanos) {
        out.writeLongLE(inode.number()).writeLongLE(0);
        times(out, nameNanos, attributeNanos);
        attributes(out, attributes);
    }

    private static void times(ByteBuf out, long name, long attributes) {
        out.writeLongLE(name / SECOND).writeLongLE(attributes / SECOND);
        out.writeIntLE((int) (name % SECOND)).writeIntLE((int) (attributes % SECOND));
    }

    /** What the kernel gets of a name that is absent, for so long. */
    void absent(ByteBuf out, long nameNanos) {
        out.writeLongLE(0).writeLongLE(0);
        times(out, nameNanos, 0);
        out.writeZero(ATTRIBUTES);
    }

    /**
     * {@code struct fuse_attr_out}:
     *
     * <pre>
     *   attr_valid[8] attr_valid_nsec[4] dummy[4] attr[88]
     * </pre>
     */
    void answer(ByteBuf out, Rgetattr attributes, long nanos) {
        out.writeLongLE(nanos / SECOND).writeIntLE((int) (nanos % SECOND)).writeZero(Integer.BYTES);
        attributes(out, attributes);
    }
}
