package dev.ninetunnel.endpoint;

import static dev.ninetunnel.testing.LockingClient.READ;
import static dev.ninetunnel.testing.LockingClient.UNLOCK;
import static dev.ninetunnel.testing.LockingClient.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.LockingClient;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetlock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule M15: whose a lock is, where many local clients have one link in common. */
class SharedLocksTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("M15 two local clients of one name with one process number are two owners of locks")
    void twoOwners() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.writeString(folder.resolve("south/f"), "content");
            try (LockingClient one = new LockingClient(pair.southsFiles(), "");
                    LockingClient other = new LockingClient(pair.southsFiles(), "")) {
                one.open(1, "f");
                other.open(1, "f");
                assertThat(one.lock(1, WRITE)).isTrue();
                assertThat(other.lock(1, WRITE)).as("while the one has it").isFalse();
                assertThat(other.lock(1, READ)).as("while the one has it").isFalse();
                assertThat(other.conflict(1)).as("who has it, by the name that it gave")
                        .isEqualTo(new Rgetlock(WRITE, 0, 0, 7, Text.of("twin")));
                assertThat(other.lock(1, UNLOCK)).as("as for any program that has locked nothing").isTrue();
                assertThat(other.lock(1, WRITE)).as("what it unlocked was not its own").isFalse();
                assertThat(one.conflict(1)).as("of nobody, and what was asked comes back")
                        .isEqualTo(new Rgetlock(UNLOCK, 0, 0, 7, Text.of("twin")));
            }
            pair.awaitNothingLeft();
        }
    }

    @Test
    @DisplayName("M15 a local client that hangs up loses its own locks alone")
    void hangUp() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.writeString(folder.resolve("south/f"), "content");
            try (LockingClient one = new LockingClient(pair.southsFiles(), "");
                    LockingClient third = new LockingClient(pair.southsFiles(), "")) {
                one.open(1, "f");
                third.open(1, "f");
                try (LockingClient other = new LockingClient(pair.southsFiles(), "")) {
                    other.open(1, "f");
                    assertThat(one.lock(1, READ)).isTrue();
                    assertThat(other.lock(1, READ)).isTrue();
                }
                await().atMost(PATIENCE).until(() -> one.lock(1, WRITE));
                assertThat(third.lock(1, READ)).isFalse();
            }
            pair.awaitNothingLeft();
        }
    }

    @Test
    @DisplayName("M15 one local client with two fids is one owner, as a process with two descriptors is")
    void oneOwner() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder);
                LockingClient one = new LockingClient(pair.southsFiles(), "")) {
            Files.writeString(folder.resolve("south/f"), "content");
            one.open(1, "f");
            one.open(2, "f");
            assertThat(one.lock(1, WRITE)).isTrue();
            assertThat(one.lock(2, WRITE)).isTrue();
        }
    }
}
