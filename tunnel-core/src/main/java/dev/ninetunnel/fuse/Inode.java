package dev.ninetunnel.fuse;

import dev.ninetunnel.fuse.lease.Kept;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetattr;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A file that the kernel knows, and the name by which it was found last. Any thread. */
final class Inode {
    private static final int KIND = Qid.DIRECTORY | Qid.SYMLINK;

    private final long number;
    private final Qid qid;
    private final Kept kept;
    private volatile int mode;
    private volatile long size;
    private volatile Place place;

    /** A name in a directory. */
    record Place(Inode directory, Text name) {}

    /**
     * A file.
     *
     * @param number by which the kernel names it, never used again for another
     * @param qid by which the server tells it from others
     * @param place null for the root
     */
    Inode(long number, Qid qid, Place place) {
        this.number = number;
        this.qid = qid;
        this.kept = new Kept(number, qid.isDirectory());
        this.place = place;
    }

    long number() {
        return number;
    }

    Qid qid() {
        return qid;
    }

    /** Its mode, as the server told it last. */
    int mode() {
        return mode;
    }

    void mode(int changed) {
        mode = changed;
    }

    /** Its length in bytes, as the server told it last. */
    long size() {
        return size;
    }

    /** The server has told what it is. */
    void told(Rgetattr attributes) {
        mode = attributes.mode();
        size = attributes.size();
    }

    /** What the kernel may have kept of it. */
    Kept kept() {
        return kept;
    }

    /** Where it was last; null for the root, and for a file that has been removed. */
    Place place() {
        return place;
    }

    void place(Place where) {
        place = where;
    }

    /** Whether a qid is this file's. Its type may tell more than the kind of file, such as that it is append-only. */
    boolean is(Qid other) {
        return qid.path() == other.path() && (qid.type() & KIND) == (other.type() & KIND);
    }

    boolean isDirectory() {
        return qid.isDirectory();
    }

    /** The names that lead to it from the root; none if that is not known, or if it is the root. */
    List<Text> names() {
        Deque<Text> names = new ArrayDeque<>();
        Inode at = this;
        for (Place where = place; where != null; where = at.place) {
            names.push(where.name);
            at = where.directory;
        }
        return at.number == InodeTable.ROOT ? List.copyOf(names) : List.of();
    }
}
