package dev.ninetunnel.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Results for people: for each scene a line for each target and load, with medians. */
public final class Table {
    private static final String ROW = "%-14s %-16s %9s %10s %9s %9s %9s %9s %9s %7s %9s";

    private final Results results;
    private final String ours;

    /** With the name of the target that the others are compared with. */
    public Table(Results results, String ours) {
        this.results = results;
        this.ours = ours;
    }

    /** The table, and an empty line above each scene. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Scene scene : results.scenes()) {
            lines.add("");
            lines.add(scene.toString());
            lines.add(ROW.formatted("", "load", "MB/s", "ops/s", "p50 us", "p90 us", "p99 us", "max us", "cpu s/GB",
                    "ratio", "cpu ratio"));
            for (String target : results.targets(scene)) {
                for (int i = 0; i < scene.loads().size(); i++) {
                    lines.add(row(scene, target, i).stripTrailing());
                }
            }
        }
        return lines;
    }

    private String row(Scene scene, String target, int index) {
        Load load = scene.loads().get(index);
        boolean first = index == 0;
        ToDoubleFunction<Outcome> rate = o -> load.kind().bulk()
                ? o.loads().get(index).megabytesPerSecond()
                : o.loads().get(index).operationsPerSecond();
        return ROW.formatted(first ? target : "", load,
                figure(scene, target, index, Outcome.OfLoad::megabytesPerSecond),
                figure(scene, target, index, Outcome.OfLoad::operationsPerSecond),
                figure(scene, target, index, Outcome.OfLoad::p50), figure(scene, target, index, Outcome.OfLoad::p90),
                figure(scene, target, index, Outcome.OfLoad::p99), figure(scene, target, index, Outcome.OfLoad::max),
                first ? shown(results.median(scene, target, Outcome::processorSecondsPerGigabyte)) : "",
                target.equals(ours) ? "" : shown(results.ratio(scene, ours, scene, target, rate)),
                !first || target.equals(ours)
                        ? ""
                        : shown(results.ratio(scene, ours, scene, target, Outcome::processorSecondsPerGigabyte)));
    }

    private String figure(Scene scene, String target, int index, ToDoubleFunction<Outcome.OfLoad> of) {
        return shown(results.median(scene, target, o -> of.applyAsDouble(o.loads().get(index))));
    }

    /** Three digits, or all before the point; nothing for what is not known or does not apply. */
    private static String shown(double value) {
        if (Double.isNaN(value) || value == 0) {
            return "-";
        }
        String form = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, form, value);
    }
}
