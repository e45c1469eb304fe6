package dev.ninetunnel.cli;

import dev.ninetunnel.client.FileStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;

/** How {@code ls} sets out what it lists. */
final class Listing {
    private static final Duration HALF_A_YEAR = Duration.ofDays(183);
    private static final DateTimeFormatter RECENT = DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ROOT);
    private static final DateTimeFormatter OLD = DateTimeFormatter.ofPattern("MMM d  yyyy", Locale.ROOT);
    private static final int GAP = 2;

    private Listing() {}

    /**
     * A line of a long listing.
     *
     * @param name safe to show
     * @param status empty where the server did not tell
     * @param target of a link, safe to show
     */
    record Line(String name, Optional<FileStatus> status, Optional<String> target) {}

    /** As {@code ls -l} does: mode, links, owner, group, size, time of change, name. */
    static List<String> longLines(List<Line> lines, LongFunction<String> size, Clock clock) {
        List<List<String>> rows = lines.stream().map(line -> cells(line, size, clock)).toList();
        int[] widths = new int[rows.isEmpty() ? 0 : rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Line line = lines.get(i);
            all.add(row(rows.get(i), widths) + line.name() + line.target().map(target -> " -> " + target).orElse(""));
        }
        return all;
    }

    private static List<String> cells(Line line, LongFunction<String> size, Clock clock) {
        if (line.status().isEmpty()) {
            return List.of("??????????", "?", "?", "?", "?", "?");
        }
        FileStatus status = line.status().get();
        return List.of(ModeText.of(status.kind(), status.permissions()), Long.toUnsignedString(status.links()),
                status.owner().toString(), status.group().toString(), size.apply(status.size()),
                time(status.modified(), clock));
    }

    private static String time(Instant modified, Clock clock) {
        Instant now = clock.instant();
        boolean recent = modified.isAfter(now.minus(HALF_A_YEAR)) && !modified.isAfter(now);
        var local = modified.atZone(clock.getZone());
        String text = (recent ? RECENT : OLD).format(local);
        // The day of the month takes two places.
        return local.getDayOfMonth() < 10 ? text.replaceFirst(" ", "  ") : text;
    }

    /** Owner and group stand to the left, numbers to the right. */
    private static String row(List<String> cells, int[] widths) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(widths[i] - cells.get(i).length());
            boolean left = i == 0 || i == 2 || i == 3;
            row.append(left ? cells.get(i) + space : space + cells.get(i)).append(' ');
        }
        return row.toString();
    }

    /** In columns, down and then across, as many as fit. */
    static List<String> columns(List<String> names, int width) {
        for (int rows = 1; rows < names.size(); rows++) {
            List<String> lines = inRows(names, rows);
            if (lines.stream().allMatch(line -> line.length() <= width)) {
                return lines;
            }
        }
        return names;
    }

    private static List<String> inRows(List<String> names, int rows) {
        StringBuilder[] lines = new StringBuilder[rows];
        for (int from = 0; from < names.size(); from += rows) {
            List<String> column = names.subList(from, Math.min(names.size(), from + rows));
            int widest = column.stream().mapToInt(String::length).max().orElse(0);
            boolean last = from + rows >= names.size();
            for (int i = 0; i < column.size(); i++) {
                String name = column.get(i);
                lines[i] = (lines[i] == null ? new StringBuilder() : lines[i]).append(name)
                        .append(last ? "" : " ".repeat(widest - name.length() + GAP));
            }
        }
        return List.of(lines).stream().map(line -> line.toString().stripTrailing()).toList();
    }
}
