package dev.ninetunnel.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what a thread allocates on the heap, which no clock and no other process can move. */
public final class Allocated {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** So often that all tables have grown as far as they will, and that what is done first is done. */
    private static final int BEFORE = 10_000;
    private static final int COUNTED = 10_000;

    private Allocated() {}

    /** Does something again and again on this thread; returns how many bytes each time has allocated on average. */
    public static double bytesEach(Runnable action) {
        for (int i = 0; i < BEFORE; i++) {
            action.run();
        }
        long start = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < COUNTED; i++) {
            action.run();
        }
        return (double) (THREADS.getCurrentThreadAllocatedBytes() - start) / COUNTED;
    }
}
