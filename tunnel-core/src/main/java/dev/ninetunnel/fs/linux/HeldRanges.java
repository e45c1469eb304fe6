package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.OpenFile.Lock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The ranges that one owner has locked in one file, and through which open file. A mirror of what the kernel knows. */
final class HeldRanges {
    /** From the first byte to the last, both included. */
    record Range(Lock.Kind kind, long first, long last, int process, LinuxOpenFile file) {
        static Range of(Lock lock, LinuxOpenFile file) {
            return new Range(lock.kind(), lock.start(), HeldRanges.last(lock), lock.process(), file);
        }

        boolean overlaps(long otherFirst, long otherLast) {
            return first <= otherLast && otherFirst <= last;
        }

        /** As fcntl(2) counts it: 0 if it has no end. */
        long length() {
            return last == Long.MAX_VALUE ? 0 : last - first + 1;
        }

        private Range from(long newFirst) {
            return new Range(kind, newFirst, last, process, file);
        }

        private Range upTo(long newLast) {
            return new Range(kind, first, newLast, process, file);
        }
    }

    private final List<Range> ranges = new ArrayList<>();

    /** The last byte of a lock that has been found to be in order. */
    static long last(Lock lock) {
        return lock.length() == 0 ? Long.MAX_VALUE : lock.start() + (lock.length() - 1);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Notes that a lock was set or taken away, in place of what was said of its bytes before. */
    void apply(Range set) {
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
    List<Range> take(LinuxOpenFile file) {
        List<Range> taken = ranges.stream().filter(r -> r.file == file).toList();
        ranges.removeAll(taken);
        return taken;
    }

    /** One that has bytes in common with these, or null. */
    Range overlapping(long first, long last, Lock.Kind kind) {
        for (Range r : ranges) {
            if (r.kind == kind && r.overlaps(first, last)) {
                return r;
            }
        }
        return null;
    }
}
