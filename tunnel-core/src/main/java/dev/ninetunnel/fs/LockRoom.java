package dev.ninetunnel.fs;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many ranges of bytes may be locked at a time by all the owners who share it, which bounds the memory that their
 * locks take, here and in the kernel. Any thread.
 */
public final class LockRoom {
    /** For a user without a bound. */
    public static final LockRoom UNLIMITED = new LockRoom(Integer.MAX_VALUE);

    private final int most;
    private final AtomicInteger used = new AtomicInteger();

    /** For so many ranges. */
    public LockRoom(int most) {
        this.most = most;
    }

    /** Takes room for a number of further ranges, if there is that much; a number below 0 gives room back. */
    public boolean take(int ranges) {
        if (this == UNLIMITED) {
            return true;
        }
        if (ranges <= 0) {
            used.addAndGet(ranges);
            return true;
        }
        int before = used.get();
        while (ranges <= most - before) {
            if (used.compareAndSet(before, before + ranges)) {
                return true;
            }
            before = used.get();
        }
        return false;
    }

    /** Gives room back. */
    public void give(int ranges) {
        take(-ranges);
    }

    /** How many ranges are locked now. */
    public int used() {
        return used.get();
    }
}
