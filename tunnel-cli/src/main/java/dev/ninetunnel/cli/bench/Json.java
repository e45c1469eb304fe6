package dev.ninetunnel.cli.bench;

import java.util.List;
import java.util.Locale;

/** Results for programs: every measurement by itself, so that whoever reads them can take other medians. */
final class Json {
    private Json() {}

    static String of(Results results, String ours, List<Goal> goals) {
        return "{\"measurements\":" + array(results.outcomes().stream().map(Json::outcome).toList())
                + ",\"processor_ratios\":" + array(results.scenes().stream().flatMap(scene -> results.targets(scene)
                        .stream().filter(target -> !target.equals(ours))
                        .map(target -> ratio(results, ours, scene, target)))
                        .toList())
                + ",\"goals\":" + array(goals.stream().map(Json::goal).toList()) + "}";
    }

    /** Our processor time for each GB, divided by another's; nothing in scenes without file data. */
    private static String ratio(Results results, String ours, Scene scene, String target) {
        return "{\"scene\":" + text(scene.toString()) + ",\"target\":" + text(target) + ",\"ratio\":"
                + number(results.ratio(scene, ours, scene, target, Outcome::processorSecondsPerGigabyte)) + "}";
    }

    private static String array(List<String> items) {
        return "[" + String.join(",", items) + "]";
    }

    private static String outcome(Outcome o) {
        return "{\"target\":" + text(o.target()) + ",\"scene\":" + text(o.scene().toString()) + ",\"seconds\":"
                + number(o.seconds()) + ",\"processor_seconds\":" + number(o.processorSeconds())
                + ",\"processor_seconds_per_gb\":"
                + number(o.processorSecondsPerGigabyte()) + ",\"loads\":"
                + array(o.loads().stream().map(Json::load).toList()) + "}";
    }

    private static String load(Outcome.OfLoad l) {
        return "{\"load\":" + text(l.load().toString()) + ",\"mb_per_s\":" + number(l.megabytesPerSecond())
                + ",\"ops_per_s\":" + number(l.operationsPerSecond()) + ",\"p50_us\":" + number(l.p50())
                + ",\"p90_us\":" + number(l.p90()) + ",\"p99_us\":" + number(l.p99()) + ",\"max_us\":"
                + number(l.max()) + "}";
    }

    private static String goal(Goal g) {
        return "{\"goal\":" + text(g.what()) + ",\"value\":" + number(g.value()) + ",\""
                + (g.atLeast() ? "at_least" : "at_most") + "\":" + number(g.bound()) + ",\"reached\":"
                + (g.measured() ? g.reached() : null)
                + "}";
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
    }

    private static String text(String s) {
        return dev.ninetunnel.json.Json.of(s);
    }
}
