package dev.ninetunnel.fs.linux;

import java.util.concurrent.locks.StampedLock;
import java.util.function.IntSupplier;

/**
 * Changes of files' sizes, kept apart from what is written on the event loop. The kernel writes to a file only when nobody
 * changes its size, and to take millions of pages away from a file in memory takes it a second. While a worker does that
 * the loop writes nothing, rather than wait. One for all trees that share their descriptors, since a file may be in several.
 * Any thread.
 */
final class Resizing {
    private final StampedLock lock = new StampedLock();

    /**
     * Makes a call that may change the size of a file, after a write of the loop's at most. What it gave. The loop writes to files
     * in memory alone, so others need not be kept from it, as long as their disk may take.
     */
    int during(Inode.Residence where, IntSupplier call) {
        if (where != Inode.Residence.MEMORY) {
            return call.getAsInt();
        }
        long stamp = lock.readLock();
        try {
            return call.getAsInt();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Begins a write that no change is in the way of: what ends it, or 0 if there is one just now. */
    long tryWrite() {
        return lock.tryWriteLock();
    }

    /** Ends it. */
    void endWrite(long begun) {
        lock.unlockWrite(begun);
    }
}
