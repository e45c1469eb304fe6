package dev.ninetunnel.benchmarks.lab;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a network between two hosts is like, each way alike.
 *
 * @param bitsPerSecond how fast it takes bytes
 * @param delay how long each byte travels, besides
 * @param queue how many bytes may wait to be taken; the sender has to wait with more
 */
public record Line(long bitsPerSecond, Duration delay, int queue) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(k|m|g)bit,(\\d{1,5})ms,(\\d{1,9})([km]?)");
    private static final double BITS = 8;
    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;

    public Line {
        if (bitsPerSecond < 1 || queue < 1) {
            throw new IllegalArgumentException("a network has a rate and a queue above 0");
        }
    }

    /**
     * Reads {@code RATE,DELAY,QUEUE}, such as {@code 100mbit,20ms,64k}.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    public static Line parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no network: write RATE,DELAY,QUEUE, such as "
                    + "100mbit,20ms,64k (k, m or g before 'bit'; the delay of one way; the queue in bytes, or with a k or m)");
        }
        long unit = switch (m.group(2)) {
            case "k" -> 1_000L;
            case "m" -> 1_000_000L;
            default -> 1_000_000_000L;
        };
        int bytes = switch (m.group(5)) {
            case "k" -> 1 << 10;
            case "m" -> 1 << 20;
            default -> 1;
        };
        return new Line(Long.parseLong(m.group(1)) * unit, Duration.ofMillis(Long.parseLong(m.group(3))),
                (int) Math.min(Integer.MAX_VALUE, Long.parseLong(m.group(4)) * bytes));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String rate = bitsPerSecond % 1_000_000 == 0 ? bitsPerSecond / 1_000_000 + "m" : bitsPerSecond / 1_000 + "k";
        return rate + "bit," + delay.toMillis() + "ms," + queue;
    }

    /** The most that can go one way, in millions of bytes a second. */
    double megabytesPerSecond() {
        return bitsPerSecond / BITS / MEGA;
    }

    /** How long so many bytes are on their way into it, in nanoseconds. */
    long nanosFor(int bytes) {
        return (long) (bytes * BITS * NANOS / bitsPerSecond);
    }
}
