package dev.ninetunnel.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which peers may hold leases of an endpoint that has been killed: what its record says to the next. */
class GrantRecordTest {
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final Duration UP = Duration.ofHours(1);
    private static final Duration TWENTY = Duration.ofSeconds(20);

    @TempDir
    private Path run;

    private GrantRecord record() {
        return new GrantRecord(run, UP, TEN);
    }

    private String[] files() {
        String[] names = run.toFile().list();
        Arrays.sort(names);
        return names;
    }

    @Test
    @DisplayName("who was granted leases by endpoints that were killed, and the longest that was told to each")
    void killed() {
        try (GrantRecord one = record(); GrantRecord other = record()) {
            one.add("north", TEN);
            one.add("west", TEN);
            one.add("west", TEN);
            other.add("north", TWENTY);
        }
        GrantRecord next = record();
        assertThat(next.left()).isEqualTo(Map.of("north", TWENTY, "west", TEN));
        assertThat(record().left()).as("before the wait is over").hasSize(2);
        next.forgetLeft();
        assertThat(files()).isEmpty();
    }

    @Test
    @DisplayName("an endpoint that runs with the same run directory has not been killed")
    void running() {
        try (GrantRecord running = record()) {
            running.add("north", TEN);
            GrantRecord next = record();
            assertThat(next.left()).isEmpty();
            next.forgetLeft();
            assertThat(files()).hasSize(1);
        }
    }

    @Test
    @DisplayName("at the end those stay who have not given up, and where all have, nothing does")
    void ended() {
        GrantRecord first = record();
        first.add("north", TEN);
        first.add("west", TWENTY);
        first.end(List.of("west"));
        GrantRecord second = record();
        assertThat(second.left()).isEqualTo(Map.of("west", TWENTY));
        second.forgetLeft();
        second.add("north", TEN);
        second.end(List.of());
        assertThat(files()).isEmpty();
    }

    @Test
    @DisplayName("a line that was cut off, and one that is none, say nothing; a directory that is not there is made by others")
    void damaged() throws IOException {
        try (GrantRecord killed = record()) {
            killed.add("north", TEN);
        }
        Files.writeString(run.resolve(files()[0]), "west 99x\nmuch too much 5\nsou", StandardOpenOption.APPEND);
        assertThat(record().left()).isEqualTo(Map.of("north", TEN));
        assertThat(new GrantRecord(run.resolve("none"), UP, TEN).left()).isEmpty();
    }

    @Test
    @DisplayName("a host that has just been started may have lost the directory, and who held leases before")
    void started() {
        Duration wait = LeaseTable.patience(TEN);
        assertThat(new GrantRecord(run, wait.minusMillis(1), TEN).left()).isEqualTo(Map.of("", Duration.ofMillis(1)));
        assertThat(new GrantRecord(run, wait, TEN).left()).isEmpty();
    }
}
