package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.endpoint.control.Status.PeerStatus;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.EndpointProcess;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Relay;
import dev.ninetunnel.wire.Dialect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The promises of docs/coherence.md where one side sleeps, says nothing, ends the session or is killed: with real endpoints. */
@EnabledOnOs(OS.LINUX)
class SilentPeersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofSeconds(2);
    /** Longer than any test takes. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final int WRITES = 2;

    @TempDir
    private Path folder;
    private Path files;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeEach
    void files() throws Exception {
        files = Files.createDirectory(folder.resolve("south"));
        Files.writeString(files.resolve("f"), "00000000");
        for (String name : List.of("north", "west")) {
            new PeerFile(home("south")).add(new Peer(EndpointProcess.id(home(name)), name));
            new PeerFile(home(name)).add(new Peer(EndpointProcess.id(home("south")), "south"));
        }
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private Path home(String name) throws IOException {
        return Files.createDirectories(folder.resolve("home-" + name));
    }

    private <C extends AutoCloseable> C opened(C one) {
        open.push(one);
        return one;
    }

    private Endpoint endpoint(String name, Duration term, boolean exports) throws Exception {
        return endpoint(name, EndpointProcess.limits(term), exports);
    }

    private Endpoint endpoint(String name, EndpointConfig.Limits limits, boolean exports) throws Exception {
        Path home = home(name);
        return opened(Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                exports ? List.of(EndpointPair.directory(files)) : List.of(), limits)));
    }

    private Endpoint dialled(String name, Duration term, int port) throws Exception {
        Endpoint endpoint = endpoint(name, term, false);
        endpoint.dial(new HostPort("127.0.0.1", port), "south");
        return endpoint;
    }

    private static int listening(Endpoint south) throws EndpointException {
        return south.listen(new HostPort("127.0.0.1", 0)).getPort();
    }

    private LocalProgram program(String name) throws IOException {
        return opened(new LocalProgram(home(name).resolve("run/south.9p")));
    }

    private static void awaitLinked(Endpoint endpoint) {
        await().atMost(PATIENCE).until(() -> endpoint.status().peers().stream().allMatch(PeerStatus::linked));
    }

    @Test
    @DisplayName("cases 28 and 30: a holder that sleeps holds a change up once, for a term, and wakes up to what is there by then")
    void sleepingHolder() throws Exception {
        Endpoint south = endpoint("south", SHORT, true);
        int port = listening(south);
        Relay relay = opened(new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        EndpointProcess north = opened(EndpointProcess.dial(home("north"), SHORT, relay.address().getPort()));
        dialled("west", SHORT, port);
        LocalProgram reader = program("north");
        LocalProgram writer = program("west");
        assertThat(reader.read()).isZero();
        assertThat(reader.read()).isZero();
        north.stop();
        relay.weather(Relay.Weather.STALLED);
        for (int i = 1; i <= 5; i++) {
            writer.write(i);
        }
        assertThat(south.status().leases().orElseThrow().overdue()).as("leases waited for").isEqualTo(1);
        north.goOn();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> read = threads.submit(reader::read);
            awaitAnswers("north");
            relay.weather(Relay.Weather.FAIR);
            assertThat(read.get()).as("asked before anything has come from the far side").isEqualTo(5);
        }
        writer.write(6);
        assertThat(reader.read()).isEqualTo(6);
    }

    /** An endpoint has taken what local programs had sent before. */
    private void awaitAnswers(String name) throws IOException {
        for (int i = 0; i < 10; i++) {
            try (RawNine nine = RawNine.connect(UnixDomainSocketAddress.of(home(name).resolve("run/south.9p")))) {
                nine.handshake(Dialect.LINUX, 1 << 16);
            }
        }
    }

    @Test
    @DisplayName("case 13: what was written behind and comes after the term is refused, and the next fsync says so")
    void silentWriter() throws Exception {
        int port = listening(endpoint("south", SHORT, true));
        Relay relay = opened(new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        Endpoint north = endpoint("north", EndpointProcess.limits(SHORT).withWriteBehind(WriteBehind.ALL), false);
        north.dial(new HostPort("127.0.0.1", relay.address().getPort()), "south");
        dialled("west", SHORT, port);
        LocalProgram writer = program("north");
        LocalProgram other = program("west");
        writer.write(1);
        writer.write(2);
        assertThat(other.read()).as("written behind, and asked back").isEqualTo(2);
        writer.write(3);
        relay.weather(Relay.Weather.STALLED);
        writer.write(4);
        other.write(5);
        assertThat(other.read()).isEqualTo(5);
        relay.weather(Relay.Weather.FAIR);
        assertThat(writer.sync()).as("error of fsync").isNotZero();
        assertThat(other.read()).isEqualTo(5);
        assertThat(writer.read()).isEqualTo(5);
    }

    @Test
    @DisplayName("case 20: a granter that ends the session unheard changes nothing before the holder's term is over")
    void endedSession() throws Exception {
        Endpoint south = endpoint("south", SHORT, true);
        int port = listening(south);
        Relay relay = opened(new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        dialled("north", SHORT, relay.address().getPort());
        dialled("west", SHORT, port);
        LocalProgram reader = program("north");
        LocalProgram writer = program("west");
        assertThat(reader.read()).isZero();
        relay.weather(Relay.Weather.BLACK_HOLE);
        new PeerFile(home("south")).remove("north");
        south.reload();
        await().atMost(PATIENCE)
                .until(() -> south.status().serving().stream().noneMatch(s -> s.name().equals("north")));
        neverOlderThanTold(reader, writer, () -> {
            new PeerFile(home("south")).add(new Peer(EndpointProcess.id(home("north")), "north"));
            south.reload();
            relay.weather(Relay.Weather.FAIR);
            relay.cut();
        });
    }

    /** Something that may fail. */
    private interface Step {
        void run() throws Exception;
    }

    /**
     * One looks again and again while another writes: what it is shown is never older than what the writer had been told when
     * it asked, until it has no answer any more, for its link is dead.
     */
    private static void neverOlderThanTold(LocalProgram reader, LocalProgram writer, Step told) throws Exception {
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> looking = threads.submit(() -> {
                OptionalInt seen = OptionalInt.of(0);
                while (seen.isPresent() && !over.get()) {
                    int least = written.get();
                    seen = reader.readIfAnswered();
                    assertThat(seen.orElse(least)).isGreaterThanOrEqualTo(least);
                    looks.incrementAndGet();
                }
            });
            await().atMost(PATIENCE).until(() -> looks.get() > 0 || looking.isDone());
            writer.write(1);
            written.set(1);
            told.run();
            over.set(true);
            looking.get();
        }
    }

    @Test
    @DisplayName("a granter that was killed and started again changes nothing before all that may hold leases of it are back")
    void killedGranter() throws Exception {
        EndpointProcess killed = opened(EndpointProcess.listen(home("south"), LONG, 0, files));
        Relay relay = opened(new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), killed.port())));
        Endpoint north = dialled("north", LONG, relay.address().getPort());
        Endpoint west = dialled("west", LONG, killed.port());
        LocalProgram reader = program("north");
        assertThat(reader.read()).isZero();
        relay.weather(Relay.Weather.BLACK_HOLE);
        killed.close();
        await().atMost(PATIENCE).until(() -> west.status().peers().stream().noneMatch(PeerStatus::linked));
        EndpointProcess again = opened(EndpointProcess.listen(home("south"), LONG, killed.port(), files));
        assertThat(again.port()).isEqualTo(killed.port());
        awaitLinked(west);
        LocalProgram writer = program("west");
        LocalProgram other = program("west");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> write = threads.submit(() -> writer.write(1));
            await().atMost(PATIENCE)
                    .until(() -> write.isDone() || west.status().peers().getFirst().tags() > 0);
            for (int i = 0; i < 100; i++) {
                assertThat(other.has("none" + i)).as("reads go on").isFalse();
            }
            assertThat(write).isNotDone();
            assertThat(reader.read()).as("nobody has been told otherwise").isZero();
            relay.weather(Relay.Weather.FAIR);
            relay.cut();
            write.get();
        }
        awaitLinked(north);
        assertThat(program("north").read()).isEqualTo(1);
    }

    /** North writes behind while nothing gets through, one of the two leaves, and then all does. */
    private void leaves(boolean granter) throws Exception {
        Endpoint south = endpoint("south", LONG, true);
        Relay relay = opened(new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), listening(south))));
        Endpoint north = endpoint("north", EndpointProcess.limits(LONG).withWriteBehind(WriteBehind.ALL), false);
        north.dial(new HostPort("127.0.0.1", relay.address().getPort()), "south");
        LocalProgram writer = program("north");
        writer.write(0);
        relay.weather(Relay.Weather.STALLED);
        for (int i = 1; i <= WRITES; i++) {
            writer.write(i);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> left = threads.submit((granter ? south : north)::drain);
            relay.weather(Relay.Weather.FAIR);
            left.get();
        }
        assertThat(Files.readString(files.resolve("f"))).isEqualTo(String.format("%08d", WRITES));
    }

    @Test
    @DisplayName("a holder that leaves has what was written behind carried out before")
    void leavingHolder() throws Exception {
        leaves(false);
    }

    @Test
    @DisplayName("a granter that leaves carries out what its holders have written behind, which they send when it asks all back")
    void leavingGranterOfWriters() throws Exception {
        leaves(true);
    }

    @Test
    @DisplayName("one that leaves waits for leases of no peer that has left, or has no link; the next one waits for both")
    void leavingBehindOthers() throws Exception {
        EndpointConfig.Limits usual = EndpointProcess.limits(LONG);
        Endpoint south = endpoint("south", new EndpointConfig.Limits(usual.session(), LONG, usual.door(), usual.cache(),
                usual.writeBehind()), true);
        int port = listening(south);
        Relay relay = opened(new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        dialled("north", LONG, relay.address().getPort());
        Endpoint west = dialled("west", LONG, port);
        assertThat(program("north").read()).isZero();
        assertThat(program("west").read()).isZero();
        west.close();
        relay.close();
        await().atMost(PATIENCE)
                .until(() -> south.status().peers().stream().noneMatch(PeerStatus::linked));
        CompletableFuture.runAsync(south::drain).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(recorded()).containsExactlyInAnyOrder(EndpointProcess.id(home("north")).hex(),
                EndpointProcess.id(home("west")).hex());
    }

    /** The peers that the next endpoint waits for. */
    private List<String> recorded() throws IOException {
        List<String> peers = new ArrayList<>();
        try (var left = Files.newDirectoryStream(home("south").resolve("run"), "leases-*")) {
            for (Path record : left) {
                Files.readAllLines(record).forEach(line -> peers.add(line.split(" ", -1)[0]));
            }
        }
        return peers;
    }

    @Test
    @DisplayName("one that leaves takes all leases back, so that the next waits for nobody")
    void leavingGranter() throws Exception {
        Endpoint south = endpoint("south", LONG, true);
        int port = listening(south);
        dialled("north", LONG, port);
        assertThat(program("north").read()).isZero();
        try (var left = Files.list(home("south").resolve("run"))) {
            assertThat(left.map(path -> path.getFileName().toString())).anyMatch(name -> name.startsWith("leases-"));
        }
        south.drain();
        try (var left = Files.list(home("south").resolve("run"))) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("leases-"));
        }
    }
}
