package dev.ninetunnel.fs;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.OpenFile.Lock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The ranges that one owner has locked in one file, and through which open file each. For backends to keep their books;
 * not safe for several threads at once.
 */
public final class HeldRanges {
    /** From the first byte to the last, both included. */
    public record Range(Lock.Kind kind, long first, long last, int process, OpenFile file, LockRoom room) {
        /** What a lock that is in order covers. */
        public static Range of(Lock lock, OpenFile file) {
            return new Range(lock.kind(), lock.start(), HeldRanges.last(lock), lock.process(), file, lock.room());
        }

        /** Whether these bytes have any in common with it. */
        public boolean overlaps(long otherFirst, long otherLast) {
            return first <= otherLast && otherFirst <= last;
        }

        /** As fcntl(2) counts it: 0 if it has no end. */
        public long length() {
            return last == Long.MAX_VALUE ? 0 : last - first + 1;
        }

        private Range from(long newFirst) {
            return new Range(kind, newFirst, last, process, file, room);
        }

        private Range upTo(long newLast) {
            return new Range(kind, first, newLast, process, file, room);
        }
    }

    private final List<Range> ranges = new ArrayList<>();

    /** That a lock's numbers make sense: EINVAL else. */
    public static void check(Lock lock) throws FsException {
        if (lock.start() < 0 || lock.length() < 0 || last(lock) < lock.start()) {
            throw new FsException(Errno.EINVAL);
        }
    }

    /** The last byte of a lock that has been found to be in order. */
    public static long last(Lock lock) {
        return lock.length() == 0 ? Long.MAX_VALUE : lock.start() + (lock.length() - 1);
    }

    /** Whether nothing is locked. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** What sets or takes away a lock; false if another owner is in the way. */
    @FunctionalInterface
    public interface Setting {
        boolean set() throws FsException;
    }

    /**
     * Sets a lock or takes it away, and notes it, in place of what was said of its bytes before.
     *
     * @return false if another owner was in the way
     * @throws FsException ENOLCK if there is no room for what would be held then, before anything is done
     */
    public boolean set(Range range, Setting setting) throws FsException {
        int more = growth(range);
        if (!range.room.take(more)) {
            throw new FsException(Errno.ENOLCK);
        }
        boolean done = false;
        try {
            done = setting.set();
            if (done) {
                apply(range);
            }
            return done;
        } finally {
            if (!done) {
                range.room.give(more);
            }
        }
    }

    /** How many ranges more there would be. */
    private int growth(Range set) {
        int more = set.kind == Lock.Kind.UNLOCK ? 0 : 1;
        for (Range old : ranges) {
            if (old.overlaps(set.first, set.last)) {
                more += (old.first < set.first ? 1 : 0) + (old.last > set.last ? 1 : 0) - 1;
            }
        }
        return more;
    }

    private void apply(Range set) {
        List<Range> kept = new ArrayList<>();
        for (Iterator<Range> all = ranges.iterator(); all.hasNext();) {
            Range old = all.next();
            if (old.overlaps(set.first, set.last)) {
                all.remove();
                if (old.first < set.first) {
                    kept.add(old.upTo(set.first - 1));
                }
                if (old.last > set.last) {
                    kept.add(old.from(set.last + 1));
                }
            }
        }
        ranges.addAll(kept);
        if (set.kind != Lock.Kind.UNLOCK) {
            ranges.add(set);
        }
    }

    /** Forgets and gives those locked through an open file. */
    public List<Range> take(OpenFile file) {
        List<Range> taken = ranges.stream().filter(r -> r.file.equals(file)).toList();
        ranges.removeIf(r -> r.file.equals(file));
        taken.forEach(r -> r.room.give(1));
        return taken;
    }

    /** Forgets and gives those locked for writing through an open file. */
    public List<Range> takeWriting(OpenFile file) {
        List<Range> taken = ranges.stream().filter(r -> r.file.equals(file) && r.kind == Lock.Kind.WRITE).toList();
        ranges.removeAll(taken);
        taken.forEach(r -> r.room.give(1));
        return taken;
    }

    /** All that is locked. */
    public List<Range> all() {
        return List.copyOf(ranges);
    }

    /** The first that keeps others from a lock of that kind on these bytes, or null. */
    public Range inTheWay(long first, long last, Lock.Kind kind) {
        for (Range r : ranges) {
            if (r.overlaps(first, last) && (kind == Lock.Kind.WRITE || r.kind == Lock.Kind.WRITE)) {
                return r;
            }
        }
        return null;
    }
}
