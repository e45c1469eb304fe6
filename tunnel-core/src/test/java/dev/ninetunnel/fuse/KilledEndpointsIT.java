package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.testing.EndpointProcess;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs write on a mount without root while the endpoint beside them, or the one that exports the files, is killed (SIGKILL) and
 * started again: what they were told as done is on the disk, and the mount shows what the disk has.
 */
class KilledEndpointsIT {
    private static final Duration TERM = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * Says what it tries and what it was told as done, until its standard input ends. A process of its own: one that has files open on
     * the mount cannot start others while the server is away, for these would wait where they close them.
     */
    private static final String PROGRAM = """
            import os, select, sys
            def put(path, flags, text, sync):
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o644)
                try:
                    for part in (text[:len(text) // 2], text[len(text) // 2:]):
                        os.write(fd, part.encode())
                    if sync:
                        os.fsync(fd)
                finally:
                    os.close(fd)
            def append(n):
                put("lines", os.O_APPEND, f"{n}\\n" if n > 9 else f"0{n}\\n", n % 2)
            def replace(n):
                put("new", os.O_TRUNC, f"{n} " * 4000, n % 2)
                os.replace("new", "whole")
            def make(n):
                put(f"x{n}", os.O_EXCL, "", False) if n % 2 else os.mkdir(f"x{n}")
            def remove(n):
                os.unlink(f"x{n}") if n % 2 else os.rmdir(f"x{n}")
            os.chdir(sys.argv[1])
            n = 0
            while not select.select([0], [], [], 0)[0]:
                n += 1
                for what, of in (append, n), (replace, n), (make, n), (remove, n - 3):
                    print("tries", what.__name__, of, flush=True)
                    try:
                        what(of)
                        print("has", what.__name__, of, flush=True)
                    except OSError as e:
                        print("fails", what.__name__, of, e, flush=True)
            """;

    @TempDir
    private Path folder;
    private Path files;
    private EndpointProcess south;
    private EndpointProcess north;
    private EventLoopGroup loops;
    private FuseMount mount;
    private Path at;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        files = Files.createDirectory(folder.resolve("files"));
        new PeerFile(home("south")).add(new Peer(EndpointProcess.id(home("north")), "north"));
        new PeerFile(home("north")).add(new Peer(EndpointProcess.id(home("south")), "south"));
        south = EndpointProcess.listen(home("south"), TERM, 0, files);
        north = EndpointProcess.dial(home("north"), TERM, south.port());
        loops = NineClient.loops(1);
        at = Files.createDirectory(folder.resolve("mnt"));
        Offer offer = Offer.any().withLeases().withMsize(1 << 20);
        UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(home("north").resolve("run/south.9p"));
        mount = FuseMount.mount(() -> NineClient.connect(loops, socket, offer), at, "south:",
                FuseSettings.of(Login.ofThisProcess(Text.EMPTY), new Owners(false, 0, 0)));
    }

    private Path home(String name) throws IOException {
        return Files.createDirectories(folder.resolve("home-" + name));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null) {
            FuseMount.unmount(at, true);
            mount.ended().get(2, TimeUnit.MINUTES);
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
        for (EndpointProcess each : Stream.of(north, south).filter(one -> one != null).toList()) {
            each.close();
        }
    }

    @Test
    @Tag("long")
    @DisplayName("what was told as done is on the disk after either endpoint was killed, twice each")
    void killed() throws Exception {
        killAgainAndAgain(2);
    }

    @Test
    @Tag("endurance")
    @DisplayName("the same, 50 times each")
    void killedOften() throws Exception {
        killAgainAndAgain(50);
    }

    private void killAgainAndAgain(int times) throws Exception {
        long seed = Long.getLong("ninetunnel.seed", times);
        Random random = new Random(seed);
        for (int i = 0; i < 2 * times; i++) {
            Path top = Files.createDirectory(at.resolve("round" + i));
            try (Writer one = new Writer(Files.createDirectory(top.resolve("one")));
                    Writer other = new Writer(Files.createDirectory(top.resolve("other")))) {
                one.awaitMore(random.nextInt(1, 100));
                if (i % 2 == 0) {
                    north.close();
                    north = EndpointProcess.dial(home("north"), TERM, south.port());
                } else {
                    south.close();
                    south = EndpointProcess.listen(home("south"), TERM, south.port(), files);
                }
                for (Writer writer : List.of(one, other)) {
                    writer.awaitMore(8);
                    writer.end();
                }
                String round = "seed " + seed + ", round " + i;
                one.check(round, files.resolve("round" + i + "/one"));
                other.check(round, files.resolve("round" + i + "/other"));
            }
            assertThat(tree(at)).as("the mount, seed %s, round %s", seed, i).isEqualTo(tree(files));
        }
    }

    private static Map<String, String> tree(Path top) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : paths.toList()) {
                all.put(top.relativize(path).toString(),
                        Files.isDirectory(path) ? "" : Files.readString(path, StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    /** A program that writes in a directory of the mount. */
    private static final class Writer implements AutoCloseable {
        private final Process process;
        private final Thread reader;
        /** What it has said so far. */
        private final Queue<String> said = new ConcurrentLinkedQueue<>();

        Writer(Path directory) throws IOException {
            process = new ProcessBuilder("python3", "-c", PROGRAM, directory.toString()).redirectErrorStream(true)
                    .start();
            reader = Thread.startVirtualThread(() -> process.inputReader().lines().forEach(said::add));
        }

        private List<Integer> of(String what) {
            List<Integer> all = new ArrayList<>();
            for (String line : said) {
                if (line.startsWith(what + " ")) {
                    all.add(firstOf(line.substring(what.length() + 1)));
                }
            }
            return all;
        }

        private static int firstOf(String text) {
            int end = text.indexOf(' ');
            return Integer.parseInt(end < 0 ? text : text.substring(0, end));
        }

        /** It has been told of so many things more that they are done. */
        void awaitMore(int things) {
            Predicate<String> isDone = line -> line.startsWith("has ");
            long before = said.stream().filter(isDone).count();
            await().atMost(PATIENCE).until(() -> said.stream().filter(isDone).count() >= before + things);
        }

        void end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            reader.join();
            assertThat(process.exitValue()).as("%s", said).isZero();
        }

        void check(String round, Path disk) throws IOException {
            List<Integer> lines = Files.readAllLines(disk.resolve("lines")).stream().map(Integer::valueOf).toList();
            assertThat(lines).as("lines, each once and in order, %s", round).isSorted().doesNotHaveDuplicates()
                    .containsAll(of("has append")).allMatch(of("tries append")::contains);
            String whole = Files.readString(disk.resolve("whole"));
            int version = firstOf(whole);
            assertThat(whole).isEqualTo((version + " ").repeat(4000));
            assertThat(version).as("the version of a whole file, %s", round)
                    .isBetween(of("has replace").getLast(), of("tries replace").getLast());
            List<Integer> made = of("has make");
            List<Integer> mayBeGone = of("tries remove");
            List<Integer> gone = of("has remove");
            for (int n : IntStream.rangeClosed(1, of("tries make").getLast()).toArray()) {
                boolean isThere = Files.exists(disk.resolve("x" + n));
                assertThat(isThere && gone.contains(n)).as("x%s was removed, %s", n, round).isFalse();
                assertThat(!isThere && made.contains(n) && !mayBeGone.contains(n)).as("x%s was made, %s", n, round)
                        .isFalse();
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
