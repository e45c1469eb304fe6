package dev.ninetunnel.cli.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One kind of work, and how much of it at once.
 *
 * @param clients how many do it side by side
 * @param inFlight how many operations each has under way
 * @param size how many bytes a read or write is for; the server's msize may make it less
 */
public record Load(Kind kind, int clients, int inFlight, int size) {
    private static final Pattern FORM = Pattern.compile("([a-z]+)(?::(\\d{1,5})x(\\d{1,5})(?:x(\\d{1,6})(k?))?)?");
    private static final int MOST = 1 << 24;

    /** What one operation is. */
    public enum Kind {
        /** A Tread, of one file from its beginning to its end, and again. */
        READ(true),
        /** A Twrite, of a file of the client's own, likewise. */
        WRITE(true),
        /** A Tgetattr of a fid that is there. */
        GETATTR(false),
        /** A Twalk to a file, and its Tclunk. */
        WALK(false),
        /** A Twalk to a file, Tlopen, and Tclunk. */
        OPEN(false),
        /** Of ten operations six ask for attributes, two open a file, and two read 4 KiB. */
        MIX(false);

        private final boolean bulk;

        Kind(boolean bulk) {
            this.bulk = bulk;
        }

        /** Whether bytes a second are what counts, and not operations. */
        public boolean bulk() {
            return bulk;
        }

        private Load usual() {
            return bulk ? new Load(this, 1, 8, 128 << 10) : new Load(this, 1, 1, 4 << 10);
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Load {
        if (clients < 1 || inFlight < 1 || size < 1 || size > MOST) {
            throw new IllegalArgumentException(
                    "a load needs at least one client with one operation in flight, of 1 byte "
                            + "to 16 MiB");
        }
    }

    /**
     * Reads {@code KIND[:CLIENTSxINFLIGHT[xSIZE]]}, the size in bytes, or in KiB with a k.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    static Load parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no load: write KIND[:CLIENTSxINFLIGHT[xSIZE]], such as "
                            + "read:1x8x128k");
        }
        Load usual = kind(m.group(1)).usual();
        if (m.group(2) == null) {
            return usual;
        }
        int size = m.group(4) == null
                ? usual.size
                : Integer.parseInt(m.group(4)) * (m.group(5).isEmpty() ? 1 : 1 << 10);
        return new Load(usual.kind, Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)), size);
    }

    private static Kind kind(String word) {
        return Arrays.stream(Kind.values()).filter(k -> k.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no kind of load; there are "
                        + Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        String at = kind.word() + ":" + clients + "x" + inFlight;
        if (!kind.bulk()) {
            return at;
        }
        return at + "x" + (size % (1 << 10) == 0 ? (size >> 10) + "k" : String.valueOf(size));
    }
}
