package dev.ninetunnel.cli.options;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}. */
public final class DurationParser {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|min|h)");

    private DurationParser() {}

    /** Throws {@link IllegalArgumentException} for what is none. */
    public static Duration parse(String text) {
        Matcher m = SPAN.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no time: write 10s, 5m or 2h");
        }
        long number = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofMinutes(number);
        };
    }
}
