package dev.ninetunnel.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Counts what a thread allocates on the heap, which no clock and no other process can move. */
public final class Allocated {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** So often that all tables have grown as far as they will, and that what is done first is done. */
    private static final int BEFORE = 10_000;
    private static final int COUNTED = 10_000;
    private static final int PARTS = 5;

    private Allocated() {}

    /**
     * Does something again and again on this thread.
     *
     * @return how many bytes each time has allocated on average: the median of several parts, for in one of them a class may be
     *         loaded that is needed now and then
     */
    public static double bytesEach(Runnable action) {
        for (int i = 0; i < BEFORE; i++) {
            action.run();
        }
        double[] parts = new double[PARTS];
        for (int part = 0; part < PARTS; part++) {
            parts[part] = part(action, COUNTED / PARTS);
        }
        Arrays.sort(parts);
        return parts[PARTS / 2];
    }

    /** Does something once on this thread. Returns how many bytes that has allocated. */
    public static long bytes(Runnable action) {
        long start = THREADS.getCurrentThreadAllocatedBytes();
        action.run();
        return THREADS.getCurrentThreadAllocatedBytes() - start;
    }

    private static double part(Runnable action, int times) {
        long start = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < times; i++) {
            action.run();
        }
        return (double) (THREADS.getCurrentThreadAllocatedBytes() - start) / times;
    }
}
