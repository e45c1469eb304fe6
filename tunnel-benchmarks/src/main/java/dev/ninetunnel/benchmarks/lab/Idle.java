package dev.ninetunnel.benchmarks.lab;

import java.time.Duration;

/**
 * What two endpoints take before anything was asked of them.
 *
 * @param secondsToListen from the start of the one that listens until it says that it is ready; NaN if that is not known
 * @param secondsToLink the same of the one that dials, which has its link then
 * @param mebibytes resident memory of the larger of the two; NaN if that is not known
 */
record Idle(double secondsToListen, double secondsToLink, double mebibytes) {
    /** The JVM gives memory back every 10 s, as the launcher has it. */
    static final Duration REST = Duration.ofSeconds(12);
    /** Nothing was measured. */
    static final Idle UNKNOWN = new Idle(Double.NaN, Double.NaN, Double.NaN);
}
