package dev.ninetunnel.benchmarks.lab;

import java.util.List;
import java.util.Locale;

/**
 * What a case cost.
 *
 * @param seconds how long it took to come
 * @param before resident memory of each process without it, in MiB
 * @param after with it, when it was quiet
 * @param remarks what else was seen, a line each
 */
record ScaleResult(ScaleCase scaleCase, double seconds, List<Double> before, List<Double> after, List<String> remarks) {
    private static final String ROW = "%-16s %9s %18s %18s %18s";
    private static final double MEBIBYTE = 1 << 20;

    static String heading() {
        return ROW.formatted("", "s", "MiB before", "MiB with it", "bytes for each");
    }

    /** For people: listening and dialling endpoint, divided by a slash. */
    String line() {
        List<Double> each = java.util.stream.IntStream.range(0, before.size())
                .mapToObj(i -> (after.get(i) - before.get(i)) * MEBIBYTE / scaleCase.count()).toList();
        return ROW.formatted(scaleCase, String.format(Locale.ROOT, "%.1f", seconds), shown(before), shown(after),
                shown(each));
    }

    String json() {
        return "{\"case\":\"" + scaleCase + "\",\"seconds\":" + String.format(Locale.ROOT, "%.3f", seconds)
                + ",\"mib_before\":" + before + ",\"mib_after\":" + after + "}";
    }

    private static String shown(List<Double> figures) {
        return figures.stream().map(d -> String.format(Locale.ROOT, "%,.0f", d)).reduce((a, b) -> a + " / " + b)
                .orElse("-");
    }
}
