package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.Json;
import dev.ninetunnel.cli.bench.Outcome;
import dev.ninetunnel.cli.bench.Results;
import dev.ninetunnel.cli.bench.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What this program means to reach, and what it has reached.
 *
 * @param value what was measured
 * @param bound what it should be, at least or at most
 */
record Goal(String what, double value, double bound, boolean atLeast) {
    private static final String STUNNEL = "stunnel";
    private static final String SSH = "ssh";
    private static final double MILLI = 1e3;

    /** Whether it is reached. */
    boolean reached() {
        return atLeast ? value >= bound : value <= bound;
    }

    /** Whether there is a value at all: what was not measured is not reached. */
    boolean measured() {
        return !Double.isNaN(value);
    }

    private String verdict() {
        return !measured() ? "not measured" : reached() ? "reached" : "not reached";
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%-12s %8s, %s %.4g: %s", verdict(),
                measured() ? String.format(Locale.ROOT, "%.2f", value) : "-", atLeast ? "at least" : "at most", bound,
                what);
    }

    String json() {
        return "{\"goal\":" + dev.ninetunnel.json.Json.of(what) + ",\"value\":" + Json.number(value) + ",\""
                + (atLeast ? "at_least" : "at_most") + "\":" + Json.number(bound) + ",\"reached\":"
                + (measured() ? reached() : null)
                + "}";
    }

    /**
     * Those of a run of this kind, through a slow line or not, for the contender with this name.
     *
     * @param first what tunnels did that were just started
     */
    static List<Goal> of(Results r, Results first, Idle idle, String ours, Optional<Line> line) {
        List<Goal> goals = new ArrayList<>();
        if (line.isPresent()) {
            for (String scene : List.of("getattr+read:4x16x128k", "shared/getattr+read:4x16x128k",
                    "getattr+write:4x16x128k", "shared/getattr+write:4x16x128k")) {
                slow(goals, r, ours, Scene.parse(scene), line.get());
            }
        } else {
            fast(goals, r, ours);
            cold(goals, first, ours);
            goals.add(new Goal("from the start of listen until it is ready, s", idle.secondsToListen(), 0.5, false));
            goals.add(new Goal("from the start of dial until it is linked, s", idle.secondsToLink(), 0.5, false));
            goals.add(new Goal("resident memory of an idle endpoint, MiB", idle.mebibytes(), 60, false));
        }
        return goals;
    }

    private static void fast(List<Goal> goals, Results r, String ours) {
        Scene read = Scene.parse("read");
        Scene write = Scene.parse("write");
        Scene both = Scene.parse("read+write");
        Scene small = Scene.parse("getattr");
        Scene many = Scene.parse("getattr:8x16");
        goals.add(new Goal("bulk read, as a multiple of stunnel's",
                r.ratio(read, ours, read, STUNNEL, Outcome::megabytesPerSecond), 2.5, true));
        goals.add(new Goal("bulk read, as a multiple of ssh's",
                r.ratio(read, ours, read, SSH, Outcome::megabytesPerSecond), 3, true));
        goals.add(new Goal("bulk write, as a multiple of stunnel's",
                r.ratio(write, ours, write, STUNNEL, Outcome::megabytesPerSecond), 2, true));
        goals.add(new Goal("both directions, the sum as a multiple of stunnel's read",
                r.ratio(both, ours, read, STUNNEL, Outcome::megabytesPerSecond), 1.5, true));
        goals.add(new Goal("small requests one at a time, the latency as a multiple of stunnel's",
                r.ratio(small, ours, small, STUNNEL, o -> o.loads().getFirst().p50()), 1, false));
        goals.add(new Goal("small requests, 8 clients with 16 in flight, as a multiple of stunnel's",
                r.ratio(many, ours, many, STUNNEL, o -> o.loads().getFirst().operationsPerSecond()), 1.5, true));
        for (Scene bulk : List.of(read, write)) {
            goals.add(new Goal("processor time for each GB of " + bulk + ", as a multiple of stunnel's with diod",
                    r.ratio(bulk, ours, bulk, STUNNEL, Outcome::processorSecondsPerGigabyte), 0.6, false));
        }
    }

    private static void cold(List<Goal> goals, Results first, String ours) {
        for (Scene bulk : List.of(Scene.parse("read"), Scene.parse("write"))) {
            goals.add(new Goal(bulk + " right after the start, as a multiple of stunnel's",
                    first.ratio(bulk, ours, bulk, STUNNEL, Outcome::megabytesPerSecond), 2, true));
        }
    }

    private static void slow(List<Goal> goals, Results r, String ours, Scene scene, Line line) {
        goals.add(new Goal(scene + ": half of the small requests, ms",
                r.median(scene, ours, o -> o.loads().getFirst().p50() / MILLI), 50, false));
        goals.add(new Goal(scene + ": 99 of 100 small requests, ms",
                r.median(scene, ours, o -> o.loads().getFirst().p99() / MILLI), 60, false));
        goals.add(new Goal(scene + ": share of the line for the copies",
                r.median(scene, ours, Outcome::megabytesPerSecond) / line.megabytesPerSecond(), 0.9, true));
    }
}
