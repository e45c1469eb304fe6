package dev.ninetunnel.cli.bench;

import java.util.List;
import java.util.Locale;

/** Results for programs: every measurement by itself, so that a reader can take other medians. */
public final class Json {
    private Json() {}

    /** An object with the measurements. */
    public static String of(Results results) {
        return "{\"measurements\":" + measurements(results) + "}";
    }

    /** An array of them. */
    public static String measurements(Results results) {
        return array(results.outcomes().stream().map(Json::outcome).toList());
    }

    /** An array of what is JSON already. */
    public static String array(List<String> items) {
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

    /** With three digits behind the point; null for what is not known. */
    public static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
    }

    private static String text(String s) {
        return dev.ninetunnel.json.Json.of(s);
    }
}
