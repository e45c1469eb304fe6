package dev.ninetunnel.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cli.doctor.Finding.Level;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("what the doctor looks at")
class ChecksTest {
    @TempDir
    Path room;

    private static Finding about(List<Finding> all, String words) {
        return all.stream().filter(finding -> finding.what().contains(words)).findFirst()
                .orElseThrow(() -> new AssertionError(words + " in " + all));
    }

    private void file(String name, String content) throws IOException {
        Path file = room.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    @DisplayName("on a host that lacks things, each is named with what to do about it")
    void poorHost() throws IOException {
        file("proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            256                  1024                 files
                """);
        file("proc/sys/fs/inotify/max_user_watches", "8192\n");
        file("proc/filesystems", "nodev\ttmpfs\n");
        List<Finding> all = new HostChecks(room).all();
        assertThat(about(all, "for their own user only").remedy()).contains("user_allow_other", "/etc/fuse.conf");
        assertThat(about(all, "no client for 9P")).extracting(Finding::level).isEqualTo(Level.MISSING);
        assertThat(about(all, "open at once: 1024").remedy()).contains("LimitNOFILE");
        assertThat(about(all, "be watched: 8192").remedy()).contains("fs.inotify.max_user_watches");
    }

    @Test
    @DisplayName("on a host that has them, nothing is to do")
    void goodHost() throws IOException {
        file("etc/fuse.conf", "# user_allow_other is\nuser_allow_other\n");
        file("proc/self/limits", "Max open files            1024                 524288               files\n");
        file("proc/sys/fs/inotify/max_user_watches", "65536\n");
        file("proc/filesystems", "nodev\t9p\n");
        List<Finding> all = new HostChecks(room).all();
        for (String words : List.of("allow_other", "the kernel's own client", "open at once: 524288", "up to 65536")) {
            assertThat(about(all, words).level()).as(words).isEqualTo(Level.GOOD);
        }
    }

    @Test
    @DisplayName("a user without a key or peers is told how to get them, and nothing is made")
    void newUser() {
        Path home = room.resolve("home");
        List<Finding> all = new OwnChecks(home, room.resolve("run"), Clock.systemUTC()).all();
        assertThat(all).extracting(Finding::level).containsExactly(Level.MISSING, Level.MISSING, Level.GOOD);
        assertThat(about(all, "no key").remedy()).contains("ninetunnel id");
        assertThat(about(all, "no peer").remedy()).contains("ninetunnel invite");
        assertThat(room).isEmptyDirectory();
    }

    @Test
    @DisplayName("a list of peers with a fault and a directory with too long a name are BAD")
    void faults() throws Exception {
        Identity.loadOrCreate(room);
        file("peers", "no such line\n");
        List<Finding> all = new OwnChecks(room, room.resolve("x".repeat(90)), Clock.systemUTC()).all();
        assertThat(all).extracting(Finding::level).contains(Level.BAD).doesNotContain(Level.MISSING);
        assertThat(about(all, "list of peers").remedy()).contains("peers:1");
        assertThat(about(all, "too long a name").remedy()).contains("--run");
    }

    private static List<Finding> way(Path home, int port) {
        return new WayCheck(home, InetAddress.getLoopbackAddress().getHostAddress(), port).all();
    }

    @Test
    @DisplayName("an endpoint at the other end of the way is named, if it is trusted")
    void endpoint() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(room)) {
            Path home = Files.createDirectory(room.resolve("mine"));
            Finding stranger = way(home, pair.address().getPort()).getLast();
            assertThat(stranger.level()).isEqualTo(Level.MISSING);
            assertThat(stranger.remedy()).contains("ninetunnel trust " + pair.south().id());
            new PeerFile(home).add(new Peer(pair.south().id(), "rome"));
            assertThat(way(home, pair.address().getPort()).getLast().what())
                    .contains("is rome, whose key is trusted here");
        }
    }

    @Test
    @DisplayName("a port where nobody listens, one where no TLS is spoken, and a host that there is not are BAD")
    void nobody() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket taken = other.accept()) {
                    taken.getOutputStream().write("SSH-2.0-server\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException _) {
                    // the test is over
                }
            });
            assertThat(way(room, other.getLocalPort()).getLast().what()).contains("does not speak TLS 1.3");
        }
        int free = FreePort.find();
        assertThat(way(room, free).getLast().remedy()).contains("ninetunnel listen");
        assertThat(new WayCheck(room, "no-such-host.invalid", 1).all()).extracting(Finding::level)
                .containsExactly(Level.BAD);
    }
}
