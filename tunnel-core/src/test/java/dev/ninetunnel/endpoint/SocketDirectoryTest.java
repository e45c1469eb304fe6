package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.linux.Linux;
import dev.ninetunnel.linux.ProcessCalls;
import dev.ninetunnel.testing.EndpointPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an endpoint posts its sockets, and where it does not. */
class SocketDirectoryTest {
    private static final int STRANGER = 65534;

    @TempDir
    private Path folder;

    private static void make(Path path) throws EndpointException {
        new SocketDirectory(path).make();
    }

    @Test
    @DisplayName("it is made with what is above it, for its owner alone; an own one, and an own link to it, are taken")
    void own() throws Exception {
        Path run = folder.resolve("a/run");
        make(run);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run))).isEqualTo("rwx------");
        make(run);
        make(Files.createSymbolicLink(folder.resolve("link"), run));
    }

    @Test
    @DisplayName("somebody else's directory is refused, and so is a link to it, or of somebody else")
    void foreign() throws Exception {
        assumeTrue(Linux.available() && ProcessCalls.uid() == 0, "to give a directory away takes root");
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.setAttribute(run, "unix:uid", STRANGER);
        Path link = Files.createSymbolicLink(folder.resolve("link"), run);
        for (Path path : List.of(run, link)) {
            assertThatThrownBy(() -> make(path)).isInstanceOf(EndpointException.class)
                    .hasMessageContainingAll(path.toString(), "used: it belongs to user " + STRANGER, "--run");
        }
        Files.setAttribute(run, "unix:uid", 0);
        new ProcessBuilder("chown", "-h", String.valueOf(STRANGER), link.toString()).inheritIO().start().waitFor();
        assertThatThrownBy(() -> make(link)).isInstanceOf(EndpointException.class).hasMessageContaining("a link to it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx---rwx"})
    @DisplayName("a directory in which others can replace a socket is refused, with what to do")
    void open(String mode) throws IOException {
        assumeTrue(Linux.available());
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> make(run)).isInstanceOf(EndpointException.class)
                .hasMessageContaining("chmod go-w " + run);
    }

    @Test
    @DisplayName("one like /tmp is taken: there nobody can replace what is another's")
    void sticky() throws EndpointException {
        make(Path.of("/tmp"));
    }

    @Test
    @DisplayName("sockets whose directory is removed come back with it, and what is connected goes on")
    void removed() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder);
                var before = EndpointPair.connect(pair.southsFiles());
                var control = EndpointPair.connect(ctl(pair))) {
            Path run = pair.north().socket("south").getParent();
            remove(run);
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(ctl(pair))
                    && Files.exists(pair.north().socket("south")));
            try (var after = EndpointPair.connect(pair.southsFiles()); var status = EndpointPair.connect(ctl(pair))) {
                assertThat(after.list(RemotePath.ROOT)).isNotNull();
                assertThat(status.list(RemotePath.ROOT)).isNotEmpty();
            }
            assertThat(before.list(RemotePath.ROOT)).isNotNull();
            assertThat(control.list(RemotePath.ROOT)).isNotEmpty();
        }
    }

    private static Path ctl(EndpointPair pair) {
        return pair.north().socket("ctl");
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
