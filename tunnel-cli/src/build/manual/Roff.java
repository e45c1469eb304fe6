package manual;

import java.util.regex.Pattern;

/** Text as roff reads it (groff_char(7)), so that what is copied from a page is what was meant. */
final class Roff {
    private static final int WIDTH = 78;
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?][)]?) +");

    private Roff() {}

    /** A text that may stand anywhere in a line. */
    static String text(String plain) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            out.append(switch (c) {
                case '\\' -> "\\e";
                case '-' -> "\\-";
                case '\'' -> "\\(aq";
                case '"' -> "\\(dq";
                case '`' -> "\\(ga";
                case '^' -> "\\(ha";
                case '~' -> "\\(ti";
                default -> c < 0x7F ? String.valueOf(c) : "\\[u%04X]".formatted((int) c);
            });
        }
        return out.toString();
    }

    /** A line that stays one. */
    static String line(String plain) {
        return guarded(text(plain)) + "\n";
    }

    /** A paragraph of text that is roff already, with each sentence on lines of its own (roff(7)). */
    static String paragraph(String roff) {
        StringBuilder out = new StringBuilder();
        for (String sentence : SENTENCE_END.split(roff, -1)) {
            StringBuilder line = new StringBuilder();
            for (String word : sentence.split(" +", -1)) {
                if (!line.isEmpty() && line.length() + word.length() >= WIDTH) {
                    out.append(guarded(line.toString())).append("\n");
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            out.append(guarded(line.toString())).append("\n");
        }
        return out.toString();
    }

    /** The line, which no request can be taken for. */
    private static String guarded(String line) {
        return line.startsWith(".") ? "\\&" + line : line;
    }

    static String bold(String plain) {
        return "\\fB" + text(plain) + "\\fR";
    }

    static String italic(String plain) {
        return "\\fI" + text(plain) + "\\fR";
    }
}
