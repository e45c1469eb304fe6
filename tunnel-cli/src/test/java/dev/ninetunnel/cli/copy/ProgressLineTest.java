package dev.ninetunnel.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the progress line")
class ProgressLineTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringWriter shown = new StringWriter();
    private final AtomicLong now = new AtomicLong();
    private int columns = 80;

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(new PrintWriter(shown, true), terminal, now::get, () -> columns);
    }

    @Test
    @DisplayName("tells bytes, percent and speed of the one file that moves")
    void oneFile() {
        try (ProgressLine line = line(true); var file = line.begin("server:big")) {
            now.set(SECOND);
            file.moved(1 << 20, 2 << 20);
            assertThat(shown).hasToString("\rserver:big  1.0 MiB of 2.0 MiB  50%  1.0 MB/s");
        }
        assertThat(shown.toString()).as("taken away at the end").endsWith(" \r");
    }

    @Test
    @DisplayName("is not written more often than anybody can read")
    void seldom() {
        try (ProgressLine line = line(true); var file = line.begin("f")) {
            file.moved(1, 10);
            now.set(SECOND / 100);
            file.moved(2, 10);
            assertThat(shown.toString()).isEmpty();
        }
    }

    @Test
    @DisplayName("counts files and all their bytes when several move")
    void severalFiles() {
        try (ProgressLine line = line(true)) {
            line.begin("a").close();
            try (var b = line.begin("b"); var c = line.begin("c")) {
                b.moved(1000, 5000);
                now.set(SECOND);
                c.moved(500, 0);
                assertThat(shown).hasToString("\r2 files at once  1.5 KiB  0.0 MB/s  1 file done");
            }
        }
    }

    @Test
    @DisplayName("tells how much of a tree there is to move, and when all of it is known, how long that takes")
    void tree() {
        try (ProgressLine line = line(true); var file = line.begin("f")) {
            line.expect(3 << 20);
            ProgressLine.Unseen unseen = line.unseen();
            now.set(SECOND);
            file.moved(1 << 20, 2 << 20);
            assertThat(shown).hasToString("\r1.0 MiB of 3.0 MiB or more  1.0 MB/s");
            unseen.close();
            unseen.close();
            line.expect(1 << 20);
            now.set(2 * SECOND);
            file.moved(2 << 20, 2 << 20);
            assertThat(shown.toString()).contains("\r2.0 MiB of 4.0 MiB  50%  1.0 MB/s  2.0 s left");
        }
    }

    @Test
    @DisplayName("makes way for messages")
    void messages() {
        try (ProgressLine line = line(true); var file = line.begin("f")) {
            now.set(SECOND);
            file.moved(1, 0);
            line.say("look");
            assertThat(shown.toString()).endsWith(" \rlook" + System.lineSeparator());
        }
    }

    @Test
    @DisplayName("is not there where nobody looks on; messages are")
    void noTerminal() {
        try (ProgressLine line = line(false); var file = line.begin("f")) {
            now.set(SECOND);
            file.moved(1, 1);
            line.say("look");
        }
        assertThat(shown).hasToString("look" + System.lineSeparator());
    }

    @Test
    @DisplayName("is never as wide as the terminal, however narrow that becomes")
    void narrow() {
        try (ProgressLine line = line(true); var file = line.begin("server:big")) {
            columns = 12;
            now.set(SECOND);
            file.moved(1 << 20, 2 << 20);
            assertThat(shown).hasToString("\rserver:big ");
        }
    }
}
