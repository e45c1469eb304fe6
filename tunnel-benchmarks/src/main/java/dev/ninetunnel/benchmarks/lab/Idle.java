package dev.ninetunnel.benchmarks.lab;

import java.time.Duration;

/**
 * What an endpoint takes before anything was asked of it.
 *
 * @param secondsToReady from its start until it says that it is ready; NaN if that is not known
 * @param mebibytes resident memory of the larger of the two; NaN if that is not known
 */
record Idle(double secondsToReady, double mebibytes) {
    /** The JVM gives memory back every 10 s, as the launcher has it. */
    static final Duration REST = Duration.ofSeconds(12);
    /** Nothing was measured. */
    static final Idle UNKNOWN = new Idle(Double.NaN, Double.NaN);
}
