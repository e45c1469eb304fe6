package dev.ninetunnel.benchmarks.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kind of thing that an endpoint has to bear, and how many of it.
 *
 * @param count at least 1
 */
public record ScaleCase(Kind kind, int count) {
    /** What {@code scale} does when nothing is asked for. */
    public static final List<ScaleCase> USUAL = Arrays.stream(Kind.values())
            .map(kind -> new ScaleCase(kind, kind.usual))
            .toList();

    private static final Pattern FORM = Pattern.compile("([a-z]+)(?::(\\d{1,8}))?");

    /** Of what. */
    public enum Kind {
        /** Local clients that are attached and do nothing. */
        CLIENTS(10_000),
        /** Fids of a few local clients, for one file. */
        FIDS(1_000_000),
        /** Fids that one local client leaves behind when it hangs up, while another one asks. */
        CLEANUP(100_000),
        /** Peers of one endpoint, each with a key of its own. */
        PEERS(1_000);

        private final int usual;

        Kind(int usual) {
            this.usual = usual;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ScaleCase {
        if (count < 1) {
            throw new IllegalArgumentException("the count is one at least");
        }
    }

    /**
     * Reads {@code KIND[:COUNT]}.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    public static ScaleCase parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no case: write KIND[:COUNT], such as clients:10000");
        }
        Kind kind = Arrays.stream(Kind.values()).filter(k -> k.word().equals(m.group(1))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + m.group(1) + "' is no kind of case; there are "
                        + Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", "))));
        return new ScaleCase(kind, m.group(2) == null ? kind.usual : Integer.parseInt(m.group(2)));
    }

    @Override
    public String toString() {
        return kind.word() + ":" + count;
    }
}
