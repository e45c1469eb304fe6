package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Mounts;
import dev.ninetunnel.testing.Relay;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs on a mount write without waiting for the link (docs/mounting.md), to south's disk of a MiB. */
class WrittenBehindTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Does what it is told, a line each, with the file that it is given, and says how that ended. */
    private static final String PROGRAM = """
            import errno, os, sys
            fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            print("open", flush=True)
            for line in sys.stdin:
                what, _, count = line.strip().partition(" ")
                try:
                    if what == "write":
                        for i in range(int(count)):
                            os.write(fd, b"x" * 65536)
                    elif what == "fsync":
                        os.fsync(fd)
                    else:
                        os.close(fd)
                    print("done", flush=True)
                except OSError as e:
                    print(errno.errorcode[e.errno], flush=True)
            """;

    @TempDir
    private Path folder;
    private final Mounts disks = new Mounts();
    private EndpointPair pair;
    private Relay relay;
    private EventLoopGroup loops;
    private FuseMount mount;
    private Endpoint again;
    private Path at;
    private Path south;

    @BeforeEach
    void link() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        south = Files.createDirectories(folder.resolve("south"));
        disks.memory(south, "size=1m");
        pair = new EndpointPair(folder, List.of(), List.of(EndpointPair.directory(south)),
                EndpointConfig.Limits.DEFAULT);
        relay = pair.linkThroughRelay();
        loops = NineClient.loops(1);
    }

    private void mount(boolean closeLater) throws Exception {
        at = Files.createDirectory(folder.resolve("mount"));
        Offer offer = Offer.any().withLeases().withMsize(1 << 20);
        mount = FuseMount.mount(
                () -> NineClient.connect(loops, UnixDomainSocketAddress.of(pair.southsFiles()), offer), at, "south:",
                new FuseSettings(Login.ofThisProcess(Text.EMPTY), false, new Owners(false, 0, 0), Optional.empty(),
                        closeLater, List.of()));
    }

    @AfterEach
    void unmount() throws Exception {
        if (pair != null) {
            relay.weather(Relay.Weather.FAIR);
            if (mount != null) {
                mount.unmount();
                mount.ended().get(2, TimeUnit.MINUTES);
            }
            pair.close();
            if (again != null) {
                again.close();
            }
            relay.close();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
        disks.close();
    }

    /** A program that has made a file. */
    private final class Program implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final Writer in;

        Program(String name) throws IOException {
            process = new ProcessBuilder("python3", "-u", "-c", PROGRAM, at.resolve(name).toString())
                    .redirectErrorStream(true).start();
            out = process.inputReader();
            in = process.outputWriter();
            assertThat(out.readLine()).isEqualTo("open");
        }

        void begins(String what) throws IOException {
            in.write(what + "\n");
            in.flush();
        }

        String does(String what) throws IOException {
            begins(what);
            return out.readLine();
        }

        @Override
        public void close() throws IOException {
            in.close();
            process.destroyForcibly();
        }
    }

    private HolderStatus written() {
        return pair.north().status().peers().getFirst().cache().orElseThrow();
    }

    @Test
    @DisplayName("a program does not wait for the link when it writes, and does when it closes the file")
    void closes() throws Exception {
        mount(false);
        try (Program program = new Program("f")) {
            assertThat(program.does("write 1")).isEqualTo("done");
            relay.weather(Relay.Weather.STALLED);
            assertThat(program.does("write 3")).isEqualTo("done");
            program.begins("close");
            await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(() -> !program.out.ready());
            relay.weather(Relay.Weather.FAIR);
            assertThat(program.out.readLine()).isEqualTo("done");
            assertThat(south.resolve("f")).hasSize(4 << 16);
            assertThat(written().writesBehind()).isGreaterThanOrEqualTo(3);
            assertThat(written().writesFailed()).isZero();
        }
    }

    @Test
    @DisplayName("with close=later it does not even then, and who asks for the file gets what was written")
    void closesLater() throws Exception {
        mount(true);
        try (Program program = new Program("f")) {
            assertThat(program.does("write 1")).isEqualTo("done");
            relay.weather(Relay.Weather.STALLED);
            assertThat(program.does("write 3")).isEqualTo("done");
            assertThat(program.does("close")).isEqualTo("done");
            relay.weather(Relay.Weather.FAIR);
            assertThat(Files.size(at.resolve("f"))).isEqualTo(4 << 16);
            assertThat(south.resolve("f")).hasSize(4 << 16);
        }
    }

    @Test
    @DisplayName("disk full is told by fsync and by close, also to who does not sync; what was not told has arrived")
    void diskFull() throws Exception {
        mount(false);
        try (Program first = new Program("f"); Program second = new Program("g")) {
            assertThat(first.does("write 4")).isEqualTo("done");
            assertThat(first.does("fsync")).isEqualTo("done");
            assertThat(first.does("write 20")).isIn("done", "ENOSPC");
            assertThat(first.does("fsync")).isEqualTo("ENOSPC");
            assertThat(first.does("close")).isEqualTo("ENOSPC");
            assertThat(second.does("write 2")).isIn("done", "ENOSPC");
            assertThat(second.does("close")).isEqualTo("ENOSPC");
            assertThat(written().writesFailed()).isPositive();
        }
    }

    @Test
    @DisplayName("what was written may be lost with the session: fsync and close say so, and files whose writes had arrived go on")
    void sessionLost() throws Exception {
        mount(false);
        try (Program before = new Program("e"); Program program = new Program("f")) {
            assertThat(before.does("write 1")).isEqualTo("done");
            assertThat(program.does("write 1")).isEqualTo("done");
            await().atMost(PATIENCE).until(() -> Files.size(south.resolve("e")) == 1 << 16);
            assertThat(before.does("fsync")).isEqualTo("done");
            relay.weather(Relay.Weather.STALLED);
            assertThat(program.does("write 1")).isEqualTo("done");
            again = pair.restartSouth();
            relay.cut();
            relay.weather(Relay.Weather.FAIR);
            assertThat(program.does("fsync")).isEqualTo("EIO");
            assertThat(program.does("close")).isEqualTo("EIO");
            assertThat(before.does("write 1")).isEqualTo("done");
            assertThat(before.does("close")).isEqualTo("done");
            assertThat(south.resolve("e")).hasSize(2 << 16);
        }
    }
}
