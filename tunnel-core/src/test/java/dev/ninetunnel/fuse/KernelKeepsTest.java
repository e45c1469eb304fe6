package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.fuse.lease.Kept;
import dev.ninetunnel.fuse.lease.Kernel;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.linux.BootClock;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.testing.CountingSocket;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Relay;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this machine's kernel keeps of south's files, which are mounted at north, where south's answers are cached: never anything old. */
class KernelKeepsTest {
    private static final Duration TERM = Duration.ofSeconds(6);
    private static final EndpointConfig.Limits CACHED = EndpointConfig.Limits.DEFAULT
            .withSession(SessionLimits.STANDARD.withLease(TERM)).withCache(16 << 20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int STEPS = 400;
    private static final int FILES = 20;

    @TempDir
    private Path folder;
    private Path south;
    private EndpointPair pair;
    private Relay relay;
    private EventLoopGroup loops;
    private CountingSocket socket;
    private final List<FuseMount> mounts = new ArrayList<>();
    private Path a;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        south = folder.resolve("south");
        pair = new EndpointPair(folder, List.of(), List.of(EndpointPair.directory(south)), CACHED);
        relay = pair.linkThroughRelay();
        loops = NineClient.loops(1);
        socket = new CountingSocket(folder.resolve("counted"), pair.southsFiles());
        for (int i = 0; i < FILES; i++) {
            Files.writeString(south.resolve("f" + i), "old " + i);
        }
        a = mount("a", socket.path());
    }

    private Path mount(String name, Path at) throws Exception {
        Path directory = Files.createDirectory(folder.resolve(name));
        Offer offer = Offer.any().withLeases().withMsize(1 << 20);
        mounts.add(FuseMount.mount(() -> NineClient.connect(loops, UnixDomainSocketAddress.of(at), offer), directory,
                "south:", FuseSettings.of(Login.ofThisProcess(Text.EMPTY), new Owners(false, 0, 0))));
        return directory;
    }

    @AfterEach
    void unmount() throws Exception {
        if (relay != null) {
            relay.weather(Relay.Weather.FAIR);
        }
        for (FuseMount mount : mounts) {
            mount.unmount();
            mount.ended().get(2, TimeUnit.MINUTES);
        }
        if (pair != null) {
            socket.close();
            pair.awaitNothingLeft();
            pair.close();
            relay.close();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private int asked() {
        return socket.connections().stream().flatMap(each -> each.values().stream()).mapToInt(Integer::intValue).sum();
    }

    private static void write(RemoteFiles files, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        files.write(RemotePath.of(name), new ByteArrayInputStream(bytes), 0644, bytes.length, Progress.NONE);
    }

    private static List<String> list(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    @DisplayName("known files and absent ones are looked at without a question to anybody")
    void known() throws Exception {
        await().atMost(PATIENCE).until(() -> {
            int before = asked();
            lookAtAll();
            return asked() == before;
        });
    }

    private void lookAtAll() throws IOException {
        for (int i = 0; i < FILES; i++) {
            assertThat(Files.size(a.resolve("f" + i))).isEqualTo(("old " + i).length());
        }
        assertThat(a.resolve("none")).doesNotExist();
    }

    private int asked(MessageType type) {
        return socket.connections().stream().mapToInt(each -> each.getOrDefault(type, 0)).sum();
    }

    @Test
    @DisplayName("what a program of the exporting host has moved away and back is used as before, by a program that is in it as well")
    void movedAwayAndBack() throws Exception {
        Files.createDirectories(south.resolve("d/sub"));
        Files.writeString(south.resolve("d/sub/f"), "text");
        // From a listing on, names lead to fids that only the endpoint has.
        for (Path known : List.of(a, a.resolve("d"), a.resolve("d/sub"))) {
            list(known);
        }
        Process program = new ProcessBuilder("sh", "-c", "ls; while read line; do ls 2>&1; done")
                .directory(a.resolve("d/sub").toFile()).start();
        try (BufferedReader out = program.inputReader(); Writer in = program.outputWriter()) {
            assertThat(out.readLine()).isEqualTo("f");
            assertThat(a.resolve("d/sub/f")).hasContent("text");
            Files.move(south.resolve("d"), south.resolve("x"));
            await().atMost(PATIENCE).until(() -> list(a).contains("x") && Files.notExists(a.resolve("d/sub")));
            Files.move(south.resolve("x"), south.resolve("d"));
            await().atMost(PATIENCE).until(() -> Files.exists(a.resolve("d")));
            assertThat(list(a.resolve("d"))).containsExactly("sub");
            assertThat(list(a.resolve("d/sub"))).containsExactly("f");
            assertThat(a.resolve("d/sub/f")).hasContent("text");
            in.write("go on\n");
            in.flush();
            assertThat(out.readLine()).isEqualTo("f");
        }
        assertThat(program.waitFor()).isZero();
    }

    @Test
    @DisplayName("a program that writes a MiB at a time waits for four writes each time, which are under way at once, and for nothing else")
    void writesAlone() throws Exception {
        Process program = new ProcessBuilder("dd", "if=/dev/zero", "of=" + a.resolve("f0"), "bs=1M", "count=20",
                "conv=notrunc", "status=none").inheritIO().start();
        assertThat(program.waitFor()).isZero();
        // Behind each, one of no bytes may follow, for which no program waits: the mount asks whether what was written has arrived.
        assertThat(asked(MessageType.TWRITE)).isBetween(80, 80 + 20 + 1);
        // One before the first write: whether the file has the attribute security.capability, which writing removes.
        assertThat(asked(MessageType.TXATTRWALK)).isLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("a look at a file that is not known is a walk and a question about it, which leave together")
    void lookupsTogether() throws Exception {
        int asked = asked();
        int arrivals = socket.arrivals();
        for (int i = 0; i < FILES; i++) {
            assertThat(Files.size(a.resolve("f" + i))).isEqualTo(("old " + i).length());
        }
        asked = asked() - asked;
        assertThat(asked).isGreaterThanOrEqualTo(2 * FILES);
        assertThat(socket.arrivals() - arrivals).isLessThanOrEqualTo(asked * 2 / 3);
    }

    @Test
    @DisplayName("a small file is asked for as a whole while it is opened, once: reading it asks for nothing more, and shows what it has now")
    void smallFilesWithTheirOpening() throws Exception {
        Process program = new ProcessBuilder("python3", "-u", "-c", """
                import os, sys
                for line in sys.stdin:
                    if line.strip() == "open":
                        fd = os.open(sys.argv[1], os.O_RDONLY)
                        print("open")
                    else:
                        print(os.read(fd, 100).decode())
                        os.close(fd)
                """, a.resolve("f1").toString()).redirectErrorStream(true).start();
        try (BufferedReader out = program.inputReader();
                Writer in = program.outputWriter();
                RemoteFiles files = EndpointPair.connect(pair.southsFiles())) {
            AtomicInteger times = new AtomicInteger();
            // A lease may be asked back at any time: then it is read anew.
            await().atMost(PATIENCE).until(() -> {
                String text = "now " + times.incrementAndGet();
                write(files, "f1", text);
                int before = asked(MessageType.TREAD);
                assertThat(said(in, out, "open")).isEqualTo("open");
                int opened = asked(MessageType.TREAD);
                assertThat(said(in, out, "read")).isEqualTo(text);
                return opened == before + 1 && asked(MessageType.TREAD) == opened;
            });
            said(in, out, "open");
            write(files, "f1", "later");
            assertThat(said(in, out, "read")).isEqualTo("later");
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("an opening that is tried again gives back what was asked for with the first try")
    void askedAheadTwice() throws Exception {
        Offer offer = Offer.any().withLeases().withMsize(1 << 20);
        Remote remote = new Remote(
                () -> NineClient.connect(loops, UnixDomainSocketAddress.of(socket.path()), offer),
                new Users(Login.ofThisProcess(Text.EMPTY), false), new Kernel(BootClock::nanoTime));
        try {
            Attachment attachment = remote.connect().get();
            Semaphore room = new Semaphore(1 << 20);
            ReadAhead ahead = new ReadAhead(new Kept(2, false), room);
            int none = 1000;
            ahead.begin(attachment, none, 5);
            assertThat(room.availablePermits()).isLessThan(1 << 20);
            ahead.begin(attachment, none, 5);
            ahead.close();
            assertThat(room.availablePermits()).isEqualTo(1 << 20);
        } finally {
            remote.close();
        }
    }

    @Test
    @DisplayName("rule 33, case 24: what a program changes through the socket beside the mount is seen when it has its reply")
    void besideTheMount() throws Exception {
        try (RemoteFiles files = EndpointPair.connect(pair.southsFiles())) {
            for (int i = 0; i < 50; i++) {
                String text = "x".repeat(i + 1);
                write(files, "f0", text);
                assertThat(Files.readString(a.resolve("f0"))).isEqualTo(text);
                assertThat(Files.size(a.resolve("f0"))).isEqualTo(i + 1);
                assertThat(a.resolve("g" + i)).doesNotExist();
                write(files, "g" + i, text);
                assertThat(Files.readString(a.resolve("g" + i))).isEqualTo(text);
            }
        }
    }

    @Test
    @DisplayName("what programs of the exporting host change is seen")
    void outsiders() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(Files.readString(a.resolve("f0"))).isEqualTo("old 0");
        }
        Files.writeString(south.resolve("f0"), "newer");
        await().atMost(PATIENCE).until(() -> Files.readString(a.resolve("f0")).equals("newer"));
        Files.delete(south.resolve("f0"));
        await().atMost(PATIENCE).until(() -> Files.notExists(a.resolve("f0")));
    }

    @Test
    @DisplayName("rule 31: whoever changes what, in two mounts, through the socket or at another peer, nobody is shown anything old")
    void neverOld() throws Exception {
        Path b = mount("b", pair.southsFiles());
        besideEast(c -> change(List.of(a, b, c)));
    }

    /** Something that is done in a mount of another peer, east, beside that of this one. */
    private interface Work {
        void in(Path mount) throws Exception;
    }

    private void besideEast(Work work) throws Exception {
        Path home = folder.resolve("home-east");
        try (Endpoint east = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(), CACHED))) {
            new PeerFile(home).add(new Peer(pair.south().id(), "south"));
            new PeerFile(folder.resolve("home-south")).add(new Peer(east.id(), "east"));
            east.dial(new HostPort("127.0.0.1", pair.address().getPort()), "south");
            await().atMost(PATIENCE).until(() -> east.status().peers().getFirst().linked());
            Path mount = mount("east", east.socket("south"));
            work.in(mount);
            FuseMount.unmount(mount, false);
            mounts.removeLast().ended().get(2, TimeUnit.MINUTES);
        }
    }

    @Test
    @DisplayName("two mounts of two peers append to one file and read it in turn, a lock around each turn: each sees the other's line")
    void lockedTurns() throws Exception {
        besideEast(b -> appendInTurn(b, 100));
    }

    @Tag("endurance")
    @Test
    @DisplayName("so they do 10,000 times")
    void manyLockedTurns() throws Exception {
        besideEast(b -> appendInTurn(b, 10_000));
    }

    private void appendInTurn(Path b, int turns) throws IOException {
        int width = 8;
        Files.writeString(south.resolve("turns"), "0".repeat(width));
        try (Appender one = new Appender(a.resolve("turns")); Appender other = new Appender(b.resolve("turns"))) {
            for (int i = 1; i <= turns; i++) {
                Appender appender = i % 2 == 0 ? one : other;
                try (FileLock _ = appender.file.lock()) {
                    assertThat(appender.file.size()).isEqualTo((long) i * width);
                    ByteBuffer line = ByteBuffer.allocate(width);
                    assertThat(appender.file.read(line, (long) (i - 1) * width)).isEqualTo(width);
                    assertThat(new String(line.array(), StandardCharsets.UTF_8))
                            .isEqualTo(String.format("%08d", i - 1));
                    appender.end.write(ByteBuffer.wrap(String.format("%08d", i).getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    /** A file that is open, and open to append. */
    private static final class Appender implements AutoCloseable {
        private final FileChannel file;
        private final FileChannel end;

        private Appender(Path path) throws IOException {
            file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            end = FileChannel.open(path, StandardOpenOption.APPEND);
        }

        @Override
        public void close() throws IOException {
            end.close();
            file.close();
        }
    }

    @Test
    @DisplayName("rule 34, case 26: two mounts of two endpoints that make and remove names in one directory never wait for a term")
    void twoMountsInOneDirectory() throws Exception {
        besideEast(b -> {
            // Virtual threads would share their carriers with those that serve the mounts, and these wait in the kernel.
            try (ExecutorService both = Executors.newFixedThreadPool(2)) {
                Future<?> one = both.submit(() -> makeAndRemove(a, "a"));
                Future<?> other = both.submit(() -> makeAndRemove(b, "b"));
                one.get();
                other.get();
            }
            assertThat(list(a)).hasSize(FILES).isEqualTo(list(b));
            assertThat(pair.south().status().leases().orElseThrow().overdue())
                    .as("leases that were not given up in time").isZero();
        });
    }

    private static Void makeAndRemove(Path at, String as) throws IOException {
        for (int i = 0; i < 60; i++) {
            Path file = at.resolve(as + i);
            Files.writeString(file, as);
            list(at);
            Files.delete(file);
        }
        return null;
    }

    @Test
    @DisplayName("rule 35, case 27: after a term without an answer neither a stat nor a mapping shows what was known")
    void deadLink() throws Exception {
        Process program = new ProcessBuilder("python3", "-u", "-c", """
                import mmap, os, sys
                fd = os.open(sys.argv[1], os.O_RDONLY)
                shown = mmap.mmap(fd, 0, prot=mmap.PROT_READ)
                for line in sys.stdin:
                    print(shown[0:5].decode() if line.strip() == "read" else os.stat(sys.argv[2]).st_size)
                """, a.resolve("f1").toString(), a.resolve("f2").toString()).redirectErrorStream(true).start();
        try (BufferedReader out = program.inputReader(); Writer in = program.outputWriter()) {
            for (int i = 0; i < 3; i++) {
                assertThat(said(in, out, "read")).isEqualTo("old 1");
                assertThat(said(in, out, "stat")).isEqualTo("5");
            }
            relay.weather(Relay.Weather.STALLED);
            long stalled = System.nanoTime();
            await().atMost(PATIENCE).until(() -> System.nanoTime() - stalled > TERM.toNanos());
            in.write("read\n");
            in.flush();
            await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> !out.ready());
            Files.writeString(south.resolve("f1"), "new 1");
            Files.writeString(south.resolve("f2"), "longer");
            relay.weather(Relay.Weather.FAIR);
            assertThat(out.readLine()).isEqualTo("new 1");
            assertThat(said(in, out, "stat")).isEqualTo("6");
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    private static String said(Writer in, BufferedReader out, String what) throws IOException {
        in.write(what + "\n");
        in.flush();
        return out.readLine();
    }

    @Test
    @DisplayName("rule 31: a mapping shows a change by another as soon as it has been told as done")
    void mapping() throws Exception {
        Process program = new ProcessBuilder("python3", "-u", "-c", """
                import mmap, os, sys
                fd = os.open(sys.argv[1], os.O_RDONLY)
                shown = mmap.mmap(fd, 0, prot=mmap.PROT_READ)
                for line in sys.stdin:
                    print(shown[0:5].decode())
                """, a.resolve("f1").toString()).redirectErrorStream(true).start();
        try (BufferedReader out = program.inputReader();
                Writer in = program.outputWriter();
                RemoteFiles files = EndpointPair.connect(pair.southsFiles())) {
            for (int i = 0; i < 10; i++) {
                String text = "now " + i;
                write(files, "other", text);
                write(files, "f1", text);
                assertThat(said(in, out, "read")).isEqualTo(text);
            }
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    private void change(List<Path> all) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < FILES; i++) {
            expected.put("f" + i, "old " + i);
        }
        Random random = new Random(11);
        for (int step = 0; step < STEPS; step++) {
            Path at = all.get(random.nextInt(all.size()));
            String name = "f" + random.nextInt(4);
            String as = "step " + step + " on " + name + " at " + at.getFileName();
            switch (random.nextInt(10)) {
                case 0, 1 -> {
                    Files.writeString(at.resolve(name), as);
                    expected.put(name, as);
                }
                case 2 -> {
                    if (expected.remove(name) != null) {
                        Files.delete(at.resolve(name));
                    }
                }
                case 3 -> {
                    String to = "f" + random.nextInt(4);
                    if (expected.containsKey(name) && !to.equals(name)) {
                        Files.move(at.resolve(name), at.resolve(to), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                        expected.put(to, expected.remove(name));
                    }
                }
                case 4 -> assertThat(list(at)).as(as).isEqualTo(List.copyOf(expected.keySet()));
                default -> {
                    if (expected.containsKey(name)) {
                        assertThat(Files.readString(at.resolve(name))).as(as).isEqualTo(expected.get(name));
                        assertThat(Files.size(at.resolve(name))).as(as).isEqualTo(expected.get(name).length());
                    } else {
                        assertThat(at.resolve(name)).as(as).doesNotExist();
                    }
                }
            }
        }
    }
}
