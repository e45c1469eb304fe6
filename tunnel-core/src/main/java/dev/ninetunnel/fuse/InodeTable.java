package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.Inode.Place;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetattr;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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
        /** Whether it has had several names, of which this knows one only. */
        boolean manyNames;

        Known(Inode inode) {
            this.inode = inode;
        }
    }

    private final Consumer<Inode> forgotten;
    private final Map<Long, Known> byNumber = new HashMap<>();
    private final Map<Long, Known> byQidPath = new HashMap<>();
    private final Map<Place, Inode> byPlace = new HashMap<>();
    private long lastNumber = ROOT;

    /** @param forgotten hears of each file that the kernel has forgotten */
    InodeTable(Qid root, Consumer<Inode> forgotten) {
        this.forgotten = forgotten;
        put(new Inode(ROOT, root, null));
    }

    private Known put(Inode inode) {
        Known known = new Known(inode);
        byNumber.put(inode.number(), known);
        byQidPath.put(inode.qid().path(), known);
        return known;
    }

    /** The file with a number; ESTALE if the kernel should not know it any more. */
    synchronized Inode get(long number) {
        Known known = byNumber.get(number);
        if (known == null) {
            throw new FuseException(Errno.ESTALE);
        }
        return known.inode;
    }

    /** Whether the kernel was given a file by this number, and has not forgotten it. */
    synchronized boolean knows(long number) {
        return byNumber.containsKey(number);
    }

    Inode root() {
        return get(ROOT);
    }

    /** The file that an answer is going to name, as it was found just now. */
    synchronized Inode found(Inode directory, Text name, Rgetattr attributes) {
        Place place = new Place(directory, name);
        Known known = at(place, attributes.qid());
        if (known == null) {
            known = byQidPath.get(attributes.qid().path());
        }
        if (known == null || !isSame(known, place, attributes)) {
            lastNumber++;
            known = put(new Inode(lastNumber, attributes.qid(), place));
        } else {
            known.lookups++;
        }
        known.inode.told(attributes);
        known.manyNames |= attributes.nlink() > 1 && !attributes.qid().isDirectory();
        settle(known.inode, place);
        return known.inode;
    }

    /** What was found by this name before, though by another since, if it is this file; or null. */
    private Known at(Place place, Qid qid) {
        Inode before = byPlace.get(place);
        return before != null && before.is(qid) ? byNumber.get(before.number()) : null;
    }

    /** A file without a name that the answer is going to name, as it was made just now. */
    synchronized Inode unnamed(Rgetattr attributes) {
        lastNumber++;
        Known known = put(new Inode(lastNumber, attributes.qid(), null));
        known.manyNames = true; // whatever name it is given
        known.inode.told(attributes);
        return known.inode;
    }

    /**
     * Whether a file that was found is one that is known. Some servers give files of several disks the same qid path: what has one
     * name only, and is not found by that, is taken for another file, and is one, or was moved by somebody else.
     */
    private static boolean isSame(Known known, Place place, Rgetattr attributes) {
        return known.inode.is(attributes.qid()) && (place.equals(known.inode.place()) || known.manyNames
                || (attributes.nlink() > 1 && !attributes.qid().isDirectory()));
    }

    private void settle(Inode inode, Place place) {
        leave(inode);
        Inode before = byPlace.put(place, inode);
        if (before != null && before != inode) {
            before.place(null);
        }
        inode.place(place);
    }

    private void leave(Inode inode) {
        Place place = inode.place();
        if (place != null) {
            byPlace.remove(place, inode);
        }
    }

    /** A file has another place, and what was there is gone. The file, if it is known. */
    synchronized Optional<Inode> renamed(Place from, Place to) {
        Inode inode = byPlace.get(from);
        removed(to);
        if (inode != null) {
            settle(inode, to);
        }
        return Optional.ofNullable(inode);
    }

    /** Two files have changed places. */
    synchronized void exchanged(Place one, Place other) {
        Inode first = byPlace.get(one);
        renamed(other, one);
        if (first != null) {
            settle(first, other);
        }
    }

    /** A name is gone. */
    synchronized void removed(Place place) {
        Inode inode = byPlace.remove(place);
        if (inode != null) {
            inode.place(null);
        }
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
            byQidPath.remove(last.qid().path(), known);
            leave(last);
        }
        forgotten.accept(last);
    }

    synchronized int size() {
        return byNumber.size();
    }
}
