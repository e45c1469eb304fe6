package dev.ninetunnel.cli.bench;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long each of many operations took, in nanoseconds. Values below 2,048 are kept exactly, others within a thousandth, and all
 * above 18 minutes as one. Any thread may add.
 */
public final class Latencies {
    private static final int KEPT_BITS = 11;
    private static final int HALF = 1 << (KEPT_BITS - 1);
    private static final long MOST = (1L << 40) - 1;
    private static final double PERCENT = 100;

    /** Each value by its length in bits and the highest 11 of them. */
    private final AtomicLongArray counts = new AtomicLongArray(index(MOST) + 1);

    /** One more; below 0 counts as 0. */
    public void add(long nanos) {
        counts.incrementAndGet(index(Math.clamp(nanos, 0, MOST)));
    }

    private static int index(long nanos) {
        int dropped = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - KEPT_BITS);
        return dropped * HALF + (int) (nanos >>> dropped);
    }

    /** The largest value that is counted there. */
    private static long largest(int index) {
        int dropped = Math.max(0, index / HALF - 1);
        long kept = index - (long) dropped * HALF;
        return ((kept + 1) << dropped) - 1;
    }

    /** How many there are. */
    public long count() {
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
        }
        return count;
    }

    /**
     * The shortest time within which this share of the operations was done, in nanoseconds; 0 if there are none.
     *
     * @param percent above 0, at most 100
     */
    public long percentile(double percent) {
        long wanted = Math.max(1, (long) Math.ceil(count() * percent / PERCENT));
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return largest(i);
            }
        }
        return 0;
    }

    /** Those of now. */
    Latencies copy() {
        return since(new Latencies());
    }

    /** Those that came after a copy was made. */
    Latencies since(Latencies earlier) {
        Latencies later = new Latencies();
        for (int i = 0; i < counts.length(); i++) {
            later.counts.set(i, counts.get(i) - earlier.counts.get(i));
        }
        return later;
    }
}
