package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.endpoint.control.Status.LeaseStatus;
import dev.ninetunnel.endpoint.control.Status.PeerStatus;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Relay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The promises of docs/coherence.md: two peers with caches, north and west, use files of a third, south, with local programs of each. */
@EnabledOnOs(OS.LINUX)
@ParameterizedClass(name = "write behind: {0}")
@EnumSource(names = {"OFF", "ALL"})
class CoherenceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CHANGES = 100;
    private static final int WIDTH = 8;
    @Parameter
    private WriteBehind writeBehind;

    @TempDir
    private Path folder;
    private Path files;
    private EndpointPair pair;
    /** Between north and south. */
    private Relay relay;
    private Endpoint west;
    private final List<LocalProgram> clients = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        Export export = EndpointPair.directory(folder.resolve("south"));
        files = folder.resolve("south");
        Files.writeString(files.resolve("f"), "00000000");
        Files.writeString(files.resolve("flag"), "down");
        EndpointConfig.Limits limits = EndpointConfig.Limits.DEFAULT.withCache(64 << 20).withWriteBehind(writeBehind);
        pair = new EndpointPair(folder, List.of(), List.of(export), limits);
        Path home = folder.resolve("home-west");
        west = Endpoint.open(
                new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, List.of(), limits));
        new PeerFile(home).add(new Peer(pair.south().id(), "south"));
        new PeerFile(folder.resolve("home-south")).add(new Peer(west.id(), "west"));
        relay = pair.linkThroughRelay();
        west.dial(new HostPort("127.0.0.1", pair.address().getPort()), "south");
        await().atMost(PATIENCE).until(() -> west.status().peers().stream().anyMatch(PeerStatus::linked));
    }

    @AfterEach
    void close() {
        assertThat(granted().overdue()).as("waits that only a term has ended")
                .isZero();
        clients.forEach(LocalProgram::close);
        west.close();
        pair.close();
        relay.close();
    }

    private LocalProgram north() {
        return client(pair.southsFiles());
    }

    private LocalProgram west() {
        return client(west.socket("south"));
    }

    private LocalProgram client(Path socket) {
        LocalProgram client = new LocalProgram(socket);
        clients.add(client);
        return client;
    }

    private static HolderStatus cache(Endpoint endpoint) {
        return endpoint.status().peers().getFirst().cache().orElseThrow();
    }

    /** One changes, others look, all at once: no answer is older than what was told, or shown to anybody, before it was asked for. */
    private static void course(IntConsumer change, List<IntSupplier> looks) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger shown = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> lookers = new ArrayList<>();
            for (IntSupplier look : looks) {
                lookers.add(threads.submit(() -> {
                    while (told.get() < CHANGES) {
                        int least = Math.max(told.get(), shown.get());
                        int seen = look.getAsInt();
                        assertThat(seen).isBetween(least, begun.get());
                        shown.accumulateAndGet(seen, Math::max);
                    }
                }));
            }
            for (int i = 1; i <= CHANGES && lookers.stream().noneMatch(Future::isDone); i++) {
                begun.set(i);
                change.accept(i);
                told.set(i);
            }
            told.set(CHANGES);
            for (Future<?> looker : lookers) {
                looker.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    @Test
    @DisplayName("promise 1: data that one peer writes is never read old by another, nor goes back")
    void data() throws Exception {
        LocalProgram writer = north();
        course(writer::write, List.of(north()::read, west()::read, west()::read));
        assertThat(cache(west).hits()).isPositive();
    }

    @Test
    @DisplayName("promise 1: attributes that one peer changes are never seen old by another")
    void attributes() throws Exception {
        LocalProgram writer = west();
        writer.resize(0);
        course(writer::resize, List.of(north()::size, west()::size, north()::size));
        assertThat(cache(pair.north()).hits()).isPositive();
    }

    @Test
    @DisplayName("promise 1: names that one peer makes and takes away are never seen otherwise by another")
    void names() throws Exception {
        LocalProgram writer = north();
        LocalProgram other = west();
        LocalProgram third = north();
        for (int i = 0; i < CHANGES; i++) {
            assertThat(other.has("d")).isFalse();
            assertThat(other.has("d")).isFalse();
            writer.make("d");
            assertThat(other.has("d")).isTrue();
            assertThat(third.has("d")).isTrue();
            writer.remove("d");
            assertThat(third.has("d")).isFalse();
        }
    }

    @Test
    @DisplayName("two peers write and read one file in turn, and each sees the other's at once")
    void turns() {
        LocalProgram one = north();
        LocalProgram other = west();
        for (int i = 1; i <= CHANGES; i += 2) {
            one.write(i);
            assertThat(other.read()).isEqualTo(i);
            other.write(i + 1);
            assertThat(one.read()).isEqualTo(i + 1);
        }
    }

    @Test
    @DisplayName("two peers append to one file and read it in turn, a lock around each turn: each sees the other's line at once")
    void lockedTurns() {
        appendInTurn(200);
    }

    @Tag("endurance")
    @Test
    @DisplayName("so they do 10,000 times")
    void manyLockedTurns() {
        appendInTurn(10_000);
    }

    private void appendInTurn(int turns) {
        List<LocalProgram> both = List.of(north(), west());
        both.forEach(LocalProgram::openToAppend);
        for (int i = 1; i <= turns; i++) {
            LocalProgram program = both.get(i % 2);
            assertThat(program.lock()).as("the lock, in turn %s", i).isTrue();
            assertThat(program.size()).isEqualTo(i * LocalProgram.WIDTH);
            assertThat(program.readBefore(i * LocalProgram.WIDTH)).isEqualTo(i - 1);
            program.append(i);
            program.unlock();
        }
    }

    @Test
    @DisplayName("promise 2: what a program of the exporting host changes is seen, and never before what it changed earlier")
    void outsiders() throws Exception {
        LocalProgram reader = north();
        reader.walk(5, "flag");
        for (int i = 1; i <= 20; i++) {
            int value = i;
            assertThat(reader.read()).isEqualTo(i - 1);
            Files.writeString(files.resolve("f"), String.format("%0" + WIDTH + "d", value));
            Files.createDirectory(files.resolve("flag" + value));
            await().atMost(PATIENCE).until(() -> reader.has("flag" + value));
            assertThat(reader.read()).as("behind the flag").isEqualTo(value);
        }
    }

    @Test
    @DisplayName("promise 2: what another program of the exporting host writes is seen by a peer that writes the same file all the time")
    void outsidersBesideWrites() throws Exception {
        LocalProgram writer = north();
        LocalProgram reader = north();
        Files.writeString(files.resolve("f"), "0".repeat(2 * WIDTH));
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writes = threads.submit(() -> {
                for (int i = 0; !over.get(); i++) {
                    writer.write(i % 10_000_000);
                }
            });
            for (int i = 1; i <= 10; i++) {
                String value = String.format("%0" + WIDTH + "d", i);
                byAnother("printf " + value + " | dd of=f bs=1 seek=" + WIDTH
                        + " conv=notrunc status=none && mkdir flag" + i);
                String flag = "flag" + i;
                await().atMost(PATIENCE).until(() -> reader.has(flag));
                assertThat(reader.readText().substring(WIDTH)).as("behind the flag").isEqualTo(value);
            }
            over.set(true);
            writes.get();
        }
    }

    private void byAnother(String command) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", command).directory(files.toFile()).inheritIO().start().waitFor())
                .isZero();
    }

    @Test
    @DisplayName("case 26: two peers that make names in one directory that both know do not wait for each other")
    void crosswise() throws Exception {
        LocalProgram one = north();
        LocalProgram other = west();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CHANGES; i++) {
                int round = i;
                Future<?> first = threads.submit(() -> makeKnown(one, "north" + round));
                Future<?> second = threads.submit(() -> makeKnown(other, "west" + round));
                first.get();
                second.get();
                assertThat(one.has("west" + round)).isTrue();
                assertThat(other.has("north" + round)).isTrue();
            }
        }
    }

    private static void makeKnown(LocalProgram client, String name) {
        client.has(name);
        client.make(name);
        client.remove(name);
        client.make(name);
    }

    @Test
    @DisplayName("case 19: a recall that is due when a link is lost comes first on the next one, and the change waits for it")
    void cutWithRecallDue() throws Exception {
        LocalProgram reader = north();
        LocalProgram writer = west();
        for (int i = 1; i <= 5; i++) {
            int value = i;
            assertThat(reader.read()).isEqualTo(value - 1);
            relay.weather(Relay.Weather.STALLED);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> write = threads.submit(() -> writer.write(value));
                await().atMost(PATIENCE).until(() -> granted().recalls() >= value);
                assertThat(reader.read()).as("nobody has been told otherwise").isEqualTo(value - 1);
                assertThat(write.isDone()).isFalse();
                relay.cut();
                relay.weather(Relay.Weather.FAIR);
                write.get();
            }
            assertThat(reader.read()).isEqualTo(value);
        }
    }

    private LeaseStatus granted() {
        return pair.south().status().leases().orElseThrow();
    }

    @Test
    @DisplayName("what is known is answered without the link, and a change by another ends that")
    void hits() {
        LocalProgram reader = west();
        reader.read();
        reader.size();
        long misses = cache(west).misses();
        long received = pair.south().status().serving().stream().mapToLong(s -> s.received().requests()).sum();
        for (int i = 0; i < 50; i++) {
            reader.read();
            reader.size();
        }
        assertThat(cache(west).misses()).isEqualTo(misses);
        assertThat(pair.south().status().serving().stream().mapToLong(s -> s.received().requests()).sum())
                .as("messages on the link").isLessThan(received + 20);
        north().write(7);
        assertThat(reader.read()).isEqualTo(7);
    }
}
