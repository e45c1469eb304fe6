package dev.ninetunnel.meter;

import java.util.Arrays;
import java.util.List;

/** How long something took, each time: a histogram. On the loop. */
public final class Latency {
    /** The upper bounds of the buckets, in nanoseconds; one bucket more is for what took longer. */
    private static final long[] BOUNDS = {100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
            25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000L,
            10_000_000_000L};

    private final long[] buckets = new long[BOUNDS.length + 1];
    private long nanos;

    /**
     * How often it took how long.
     *
     * @param buckets for each of {@link #bounds}, and for what is above all of them, how often
     * @param nanos all together, in nanoseconds
     */
    public record Counts(List<Long> buckets, long nanos) {
        /** How often in all. */
        public long all() {
            return buckets.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The upper bounds of the buckets but the last, in nanoseconds, each included. */
    public static List<Long> bounds() {
        return Arrays.stream(BOUNDS).boxed().toList();
    }

    /** It took so long, in nanoseconds. */
    public void add(long took) {
        int bucket = 0;
        while (bucket < BOUNDS.length && took > BOUNDS[bucket]) {
            bucket++;
        }
        buckets[bucket]++;
        nanos += took;
    }

    /** Another that has counted the same. */
    public Latency copy() {
        Latency same = new Latency();
        same.add(this);
        return same;
    }

    /** Adds what another has counted. */
    public void add(Latency other) {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += other.buckets[i];
        }
        nanos += other.nanos;
    }

    /** What has been counted until now. */
    public Counts counts() {
        return new Counts(Arrays.stream(buckets).boxed().toList(), nanos);
    }
}
