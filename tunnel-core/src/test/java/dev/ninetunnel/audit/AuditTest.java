package dev.ninetunnel.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.testing.RecordLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record as a file: whole lines, bounded, and nothing lost that is not counted. */
class AuditTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Who ANN = new Who("ann", "ab".repeat(32), "0123456789ab");
    private static final Event DENIED = new Event.Denied("Tlcreate", "data", "EROFS");

    @TempDir
    private Path folder;
    private Path file;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T03:04:05.678Z"));

    @BeforeEach
    void place() {
        file = folder.resolve("audit.jsonl");
    }

    private Audit open(Path where) throws IOException {
        InstantSource source = now::get;
        Audit audit = new Audit(Optional.of(new AuditConfig(where, true)), clock(source));
        audit.open();
        return audit;
    }

    private static Clock clock(InstantSource source) {
        return source.withZone(ZoneOffset.UTC);
    }

    private static Event change(String path) {
        return new Event.Change("create", "data", path, "", "1000", "");
    }

    @Test
    @DisplayName("a record is a line with time, event, peer, id, session and what is said of it; the file is its owner's alone")
    void line() throws Exception {
        try (Audit audit = open(file)) {
            audit.note(ANN, DENIED);
        }
        assertThat(RecordLines.of(file)).containsExactly("{\"time\":\"2026-01-02T03:04:05.678Z\",\"event\":\"denied\","
                + "\"peer\":\"ann\",\"id\":\"" + "ab".repeat(32) + "\",\"session\":\"0123456789ab\","
                + "\"message\":\"Tlcreate\",\"export\":\"data\",\"errno\":\"EROFS\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    @DisplayName("what is denied again and again is written once a minute, with how often")
    void repeats() throws Exception {
        try (Audit audit = open(file)) {
            for (int i = 0; i < 100_000; i++) {
                audit.note(ANN, DENIED);
            }
            audit.note(ANN, new Event.Denied("Tremove", "data", "EROFS"));
            now.set(now.get().plus(Repeats.WINDOW));
            await().atMost(PATIENCE).until(() -> Files.readAllLines(file).size() == 3);
            audit.note(ANN, DENIED);
        }
        assertThat(RecordLines.of(file)).hasSize(4).filteredOn(line -> line.contains("repeats")).singleElement()
                .asString()
                .contains("\"repeats\":{\"times\":99999,\"since\":\"2026-01-02T03:04:05.678Z\"}", "Tlcreate");
    }

    @Test
    @DisplayName("attaches are bounded however the peer names what it asks for, and what was counted is written at the end")
    void attaches() throws Exception {
        try (Audit audit = open(file)) {
            for (int i = 0; i < 5000; i++) {
                audit.note(ANN,
                        new Event.Attach("", "x".repeat(60_000) + i, new Event.Attach.User("u" + i, null), "", "",
                                "ENOENT", "no"));
            }
        }
        assertThat(RecordLines.of(file)).hasSize(101).last().asString().contains("\"times\":4900,");
        assertThat(Files.size(file)).isLessThan(101 * 1500L);
    }

    @Test
    @DisplayName("what was put on record before the end is in the file after it")
    void exit() throws Exception {
        try (Audit audit = open(file)) {
            for (int i = 0; i < 20_000; i++) {
                audit.note(ANN, change("f" + i));
            }
        }
        assertThat(RecordLines.of(file)).hasSize(20_000).last().asString().contains("\"f19999\"");
    }

    @Test
    @DisplayName("after the file was moved away and reopened, records go to a new one, and none is in neither")
    void rotated() throws Exception {
        Path moved = folder.resolve("audit.jsonl.1");
        try (Audit audit = open(file)) {
            audit.note(ANN, change("before"));
            await().atMost(PATIENCE).until(() -> Files.size(file) > 0);
            Files.move(file, moved);
            audit.reopen();
            await().atMost(PATIENCE).until(() -> Files.exists(file));
            audit.note(ANN, change("after"));
        }
        assertThat(RecordLines.of(moved)).singleElement().asString().contains("\"before\"");
        assertThat(RecordLines.of(file)).singleElement().asString().contains("\"after\"");
    }

    @Test
    @DisplayName("a full disk loses records, and stops nobody")
    void full() throws Exception {
        try (Audit audit = open(Path.of("/dev/full"))) {
            for (int i = 0; i < 1000; i++) {
                audit.note(ANN, change("f" + i));
            }
        }
        assertThat(Files.isRegularFile(Path.of("/dev/full"))).isFalse();
    }

    @Test
    @DisplayName("how many records were lost is written when there is room again")
    void lost() throws Exception {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, Path.of("/dev/full"));
        try (Audit audit = open(link)) {
            audit.note(ANN, change("one"));
            audit.note(ANN, change("two"));
            Files.delete(link);
            audit.reopen();
            await().atMost(PATIENCE).until(() -> Files.exists(link) && Files.size(link) > 0);
            audit.note(ANN, change("three"));
        }
        List<String> lines = RecordLines.of(link);
        assertThat(lines).last().asString().contains("\"three\"");
        // Those that were written after the reopening are whole, the others are counted.
        long lost = lines.getFirst().contains("\"event\":\"lost\"") ? lines.getFirst().contains(":2}") ? 2 : 1 : 0;
        assertThat(lines.size() - (lost > 0 ? 1 : 0) + lost).isEqualTo(3);
    }

    @Test
    @DisplayName("what finds no room on its way to the disk is counted, and nobody waits")
    void flood() throws Exception {
        Waiting waiting = new Waiting();
        byte[] line = new byte[1 << 20];
        for (int i = 0; i < 10; i++) {
            waiting.add(line);
        }
        assertThat(waiting.lost()).isEqualTo(2);
        assertThat(waiting.take(1)).isNotNull();
        waiting.add(line);
        assertThat(waiting.lost()).isZero();
    }

    @Test
    @DisplayName("a last line that was never finished does not spoil the next one")
    void torn() throws Exception {
        Files.writeString(file, "{\"time\":");
        try (Audit audit = open(file)) {
            audit.note(ANN, DENIED);
        }
        assertThat(Files.readAllLines(file)).hasSize(2).last().asString().startsWith("{\"time\":\"2026").endsWith("}");
    }

    @Test
    @DisplayName("a file that cannot be written is told at the start")
    void nowhere() {
        assertThatThrownBy(() -> open(folder.resolve("none/audit.jsonl"))).isInstanceOf(IOException.class)
                .hasMessageContaining("give a file in a directory");
    }
}
