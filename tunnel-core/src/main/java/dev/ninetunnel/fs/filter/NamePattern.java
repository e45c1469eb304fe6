package dev.ninetunnel.fs.filter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern for names, as shells have them (glob(7)): {@code *} for any number of characters, {@code ?} for one,
 * {@code [a-z]} and {@code [!a-z]} for one of or not of a set, and a backslash before one of these for itself. A leading
 * dot is nothing special. A name is bytes: where they are UTF-8 a character is one of Unicode, and a byte that is none
 * counts as a character that only {@code *}, {@code ?} and a negated set match.
 */
public final class NamePattern {
    /** What a byte that is not UTF-8 is counted as: above all characters. */
    private static final int NOT_UTF8 = Character.MAX_CODE_POINT + 1;

    /** What stands for one character, or for any number of them. */
    private sealed interface Part {
        /** Any number of any characters. */
        record Any() implements Part {}

        /** One of the characters in these ranges, or not of them. */
        record OneOf(List<Range> ranges, boolean negated) implements Part {
            boolean matches(int character, boolean anyCase) {
                boolean listed = anyCase
                        ? lists(character) || lists(Character.toLowerCase(character))
                                || lists(Character.toUpperCase(character))
                        : lists(character);
                return listed != negated;
            }

            private boolean lists(int character) {
                for (Range r : ranges) {
                    if (r.first <= character && character <= r.last) {
                        return true;
                    }
                }
                return false;
            }
        }
    }

    private record Range(int first, int last) {}

    private final String text;
    private final List<Part> parts;

    private NamePattern(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** Reads a pattern. Throws {@link IllegalArgumentException}, with a message for people, for what is none. */
    public static NamePattern parse(String text) {
        if (text.isEmpty() || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is no pattern for names: write one such as *.key, "
                    + "without a slash; it holds in every directory");
        }
        return new NamePattern(text, new Reader(text).parts());
    }

    /** Takes a pattern apart. */
    private static final class Reader {
        private final String text;
        private final int[] in;
        private int at;

        Reader(String text) {
            this.text = text;
            this.in = text.codePoints().toArray();
        }

        List<Part> parts() {
            List<Part> parts = new ArrayList<>();
            while (at < in.length) {
                int c = in[at++];
                switch (c) {
                    case '*' -> parts.add(new Part.Any());
                    case '?' -> parts.add(new Part.OneOf(List.of(), true));
                    case '[' -> parts.add(set());
                    default -> parts.add(one(c == '\\' ? escaped() : c));
                }
            }
            return List.copyOf(parts);
        }

        private static Part one(int c) {
            return new Part.OneOf(List.of(new Range(c, c)), false);
        }

        private int escaped() {
            if (at == in.length) {
                throw new IllegalArgumentException("the pattern '" + text + "' ends in a backslash: double it");
            }
            return in[at++];
        }

        /** Behind an opening bracket. A closing one that comes first is of the set. */
        private Part set() {
            boolean negated = at < in.length && (in[at] == '!' || in[at] == '^');
            if (negated) {
                at++;
            }
            List<Range> ranges = new ArrayList<>();
            while (at < in.length && (in[at] != ']' || ranges.isEmpty())) {
                int first = member();
                boolean range = at + 1 < in.length && in[at] == '-' && in[at + 1] != ']';
                if (range) {
                    at++;
                }
                ranges.add(new Range(first, range ? member() : first));
            }
            if (at == in.length) {
                throw new IllegalArgumentException("the pattern '" + text + "' has a '[' without its ']': write \\[ "
                        + "for the bracket itself");
            }
            at++;
            return new Part.OneOf(List.copyOf(ranges), negated);
        }

        private int member() {
            int c = in[at++];
            return c == '\\' ? escaped() : c;
        }
    }

    /** Whether it stands for this name, the whole of it. The time it takes is bounded by the product of both lengths. */
    public boolean matches(byte[] name) {
        return matches(name, false);
    }

    /** The same, whether letters are upper or lower case, here and there. */
    public boolean matchesInAnyCase(byte[] name) {
        return matches(name, true);
    }

    private boolean matches(byte[] name, boolean anyCase) {
        int[] characters = characters(name);
        int part = 0;
        int at = 0;
        int lastAny = -1;
        int fromAny = 0;
        while (at < characters.length) {
            if (part < parts.size() && parts.get(part) instanceof Part.Any) {
                lastAny = part++;
                fromAny = at;
            } else if (part < parts.size() && parts.get(part) instanceof Part.OneOf one
                    && one.matches(characters[at], anyCase)) {
                part++;
                at++;
            } else if (lastAny >= 0) {
                part = lastAny + 1;
                at = ++fromAny;
            } else {
                return false;
            }
        }
        while (part < parts.size() && parts.get(part) instanceof Part.Any) {
            part++;
        }
        return part == parts.size();
    }

    /** The characters of a name, and its bytes that are of none. */
    private static int[] characters(byte[] name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(name);
        int[] out = new int[name.length];
        int count = 0;
        while (in.hasRemaining()) {
            CharBuffer chars = CharBuffer.allocate(in.remaining());
            CoderResult result = decoder.reset().decode(in, chars, true);
            for (int c : chars.flip().codePoints().toArray()) {
                out[count++] = c;
            }
            if (result.isMalformed()) {
                out[count++] = NOT_UTF8 + (in.get() & 0xff);
            }
        }
        return Arrays.copyOf(out, count);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamePattern p && p.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
