package dev.ninetunnel.cli;

import java.util.Locale;

/** Sizes and speeds for people. */
public final class Amount {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final double STEP = 1024;
    private static final double NANOS = 1e9;
    private static final double MEGA = 1e6;

    private Amount() {}

    /** Bytes in the unit that keeps the number short: {@code 999 B}, {@code 1.5 KiB}. */
    public static String bytes(long bytes) {
        if (bytes < STEP) {
            return bytes + " B";
        }
        double value = bytes / STEP;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** In millions of bytes a second. */
    public static String speed(long bytes, long nanos) {
        return String.format(Locale.ROOT, "%.1f MB/s", nanos <= 0 ? 0 : bytes / MEGA / (nanos / NANOS));
    }
}
