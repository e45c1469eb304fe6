package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that the kernel knows, from the first answer that names one until it has forgotten all of them (FUSE_FORGET). A file
 * with several names is one. Any thread.
 */
final class InodeTable {
    static final long ROOT = 1;

    private static final class Known {
        final Inode inode;
        /** Answers that named it, and that the kernel has not forgotten. */
        long lookups = 1;

        Known(Inode inode) {
            this.inode = inode;
        }
    }

    private final Remote remote;
    private final Map<Long, Known> byNumber = new HashMap<>();
    private final Map<Long, Known> byPath = new HashMap<>();
    private long lastNumber = ROOT;

    InodeTable(Remote remote, int rootFid, long rootPath) {
        this.remote = remote;
        put(new Inode(ROOT, rootPath, rootFid));
    }

    private Inode put(Inode inode) {
        Known known = new Known(inode);
        byNumber.put(inode.number(), known);
        byPath.put(inode.path(), known);
        return inode;
    }

    /** The file with a number; ESTALE if the kernel should not know it any more. */
    synchronized Inode get(long number) {
        Known known = byNumber.get(number);
        if (known == null) {
            throw new FuseException(Errno.ESTALE);
        }
        return known.inode;
    }

    int fid(long number) {
        return get(number).fid();
    }

    /** The file that an answer is going to name, and that a fid was made for, which belongs to the table from here on. */
    Inode found(int fid, long path) {
        Inode inode;
        synchronized (this) {
            Known known = byPath.get(path);
            if (known == null) {
                lastNumber++;
                return put(new Inode(lastNumber, path, fid));
            }
            known.lookups++;
            inode = known.inode;
        }
        remote.clunk(fid);
        return inode;
    }

    /** The kernel has forgotten as many answers that named a file, or has never got them. */
    void forget(long number, long lookups) {
        Inode last;
        synchronized (this) {
            Known known = byNumber.get(number);
            if (known == null || number == ROOT) {
                return;
            }
            known.lookups -= lookups;
            if (known.lookups > 0) {
                return;
            }
            last = known.inode;
            byNumber.remove(number);
            byPath.remove(last.path(), known);
        }
        remote.clunk(last.fid());
    }

    synchronized int size() {
        return byNumber.size();
    }
}
