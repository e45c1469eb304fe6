package dev.ninetunnel.cli.options;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much is kept of a peer's files: {@code off}, or bytes such as {@code 64M}. */
public final class CacheSize {
    /** As the command line and files write the usual one. */
    static final String USUAL = "64M";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*([KMG])(?:i?B)?");
    private static final Map<String, Long> UNITS = Map.of("K", 1L << 10, "M", 1L << 20, "G", 1L << 30);
    private static final long LEAST = 1 << 20;

    private CacheSize() {}

    /** In bytes; 0 for off. Throws {@link IllegalArgumentException}, with a message for people, for anything else. */
    public static long parse(String text) {
        if (text.equals("off")) {
            return 0;
        }
        Matcher size = SIZE.matcher(text);
        long bytes = size.matches() ? Long.parseLong(size.group(1)) * UNITS.get(size.group(2)) : 0;
        if (bytes < LEAST) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no size of a cache: say off, or at least 1M, such as 64M");
        }
        return bytes;
    }
}
