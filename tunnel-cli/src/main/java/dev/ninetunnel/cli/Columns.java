package dev.ninetunnel.cli;

import java.util.List;
import java.util.stream.IntStream;

/** Rows of cells, one below the other. */
final class Columns {
    private static final String GAP = "  ";

    private Columns() {}

    /** Each to the right of its column, but for the last. All rows have as many cells. */
    static List<String> right(List<List<String>> rows) {
        int last = rows.getFirst().size() - 1;
        int[] widths = IntStream.range(0, last)
                .map(at -> rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0)).toArray();
        return rows.stream().map(row -> {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(" ".repeat(widths[i] - row.get(i).length())).append(row.get(i)).append(GAP);
            }
            return line.append(row.get(last)).toString();
        }).toList();
    }
}
