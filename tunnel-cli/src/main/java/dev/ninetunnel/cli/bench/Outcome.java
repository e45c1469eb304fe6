package dev.ninetunnel.cli.bench;

import java.util.List;

/**
 * What came of a scene on one target.
 *
 * @param loads one for each load of the scene, in its order
 * @param processorSeconds what the target's processes used meanwhile; NaN if none were named
 */
public record Outcome(String target, Scene scene, double seconds, List<OfLoad> loads, double processorSeconds) {
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;
    private static final double NANOS_IN_A_MICRO = 1e3;
    private static final double HALF = 50;
    private static final double MOST = 90;
    private static final double NEARLY_ALL = 99;
    private static final double ALL = 100;

    /** Of one load: its bytes of file data and operations a second, and latencies in microseconds. */
    public record OfLoad(Load load, double megabytesPerSecond, double operationsPerSecond, double p50, double p90,
            double p99,
            double max) {
        static OfLoad of(Load load, Gauge.Taken taken, double seconds) {
            Latencies all = taken.latencies();
            return new OfLoad(load, taken.bytes() / MEGA / seconds, all.count() / seconds, micros(all, HALF),
                    micros(all, MOST), micros(all, NEARLY_ALL), micros(all, ALL));
        }

        private static double micros(Latencies latencies, double percentile) {
            return latencies.percentile(percentile) / NANOS_IN_A_MICRO;
        }
    }

    /** Of all loads together. */
    public double megabytesPerSecond() {
        return loads.stream().mapToDouble(OfLoad::megabytesPerSecond).sum();
    }

    /** Processor seconds for each GB of file data; NaN if that is not known. */
    public double processorSecondsPerGigabyte() {
        double gigabytes = megabytesPerSecond() * seconds * MEGA / GIGA;
        return gigabytes > 0 ? processorSeconds / gigabytes : Double.NaN;
    }
}
