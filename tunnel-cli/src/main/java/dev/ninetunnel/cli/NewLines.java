package dev.ninetunnel.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.HashSet;
import java.util.Set;

/** Hands on lines, but for those that were said in the round before as well. */
final class NewLines extends Writer {
    private final Writer out;
    private final StringBuilder line = new StringBuilder();
    private Set<String> before = Set.of();
    private Set<String> now = new HashSet<>();

    NewLines(Writer out) {
        this.out = out;
    }

    /** The next round begins. */
    void turn() {
        before = now;
        now = new HashSet<>();
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            line.append(text[i]);
            if (text[i] == '\n') {
                say(line.toString());
                line.setLength(0);
            }
        }
    }

    private void say(String said) throws IOException {
        if (now.add(said) && !before.contains(said)) {
            out.write(said);
            out.flush();
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
