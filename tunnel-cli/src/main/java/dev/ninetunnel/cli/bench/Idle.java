package dev.ninetunnel.cli.bench;

/**
 * What an endpoint takes before anything was asked of it.
 *
 * @param secondsToReady from its start until it says that it is ready; NaN if that is not known
 * @param mebibytes resident memory of the larger of the two; NaN if that is not known
 */
record Idle(double secondsToReady, double mebibytes) {
    /** Nothing was measured. */
    static final Idle UNKNOWN = new Idle(Double.NaN, Double.NaN);
}
