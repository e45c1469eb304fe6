package dev.ninetunnel.endpoint.control;

import java.time.Duration;
import java.util.Locale;

/** Spans of time for people. */
public final class Durations {
    private static final double NANOS = 1e9;
    private static final double NANOS_OF_A_MILLI = 1e6;

    private Durations() {}

    /** In seconds, with a tenth. */
    public static String tenths(Duration span) {
        return String.format(Locale.ROOT, "%.1f", seconds(span));
    }

    /** In milliseconds, to a microsecond. */
    static String millis(Duration span) {
        return String.format(Locale.ROOT, "%.3f", span.toNanos() / NANOS_OF_A_MILLI);
    }

    /** In seconds and parts of one. */
    static double seconds(Duration span) {
        return span.toNanos() / NANOS;
    }

    /** In the two largest units that say something: {@code 3 d 4 h}, {@code 2 min 5 s}, {@code 0.4 s}. */
    static String rough(Duration span) {
        if (span.toDays() > 0) {
            return span.toDays() + " d " + span.toHoursPart() + " h";
        }
        if (span.toHours() > 0) {
            return span.toHours() + " h " + span.toMinutesPart() + " min";
        }
        if (span.toMinutes() > 0) {
            return span.toMinutes() + " min " + span.toSecondsPart() + " s";
        }
        return tenths(span) + " s";
    }
}
