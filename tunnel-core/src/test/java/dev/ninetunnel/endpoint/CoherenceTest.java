package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.endpoint.control.Status.LeaseStatus;
import dev.ninetunnel.endpoint.control.Status.PeerStatus;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Relay;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The promises of docs/coherence.md: two peers with caches, north and west, use files of a third, south, with local programs of each. */
@EnabledOnOs(OS.LINUX)
class CoherenceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CHANGES = 100;
    private static final int WIDTH = 8;
    private static final int SIZE = 8;
    private static final EndpointConfig.Limits LIMITS = EndpointConfig.Limits.DEFAULT.withCache(64 << 20);

    @TempDir
    private Path folder;
    private Path files;
    private EndpointPair pair;
    /** Between north and south. */
    private Relay relay;
    private Endpoint west;
    private final List<Client> clients = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        Export export = EndpointPair.directory(folder.resolve("south"));
        files = folder.resolve("south");
        Files.writeString(files.resolve("f"), "00000000");
        Files.writeString(files.resolve("flag"), "down");
        pair = new EndpointPair(folder, List.of(), List.of(export), LIMITS);
        Path home = folder.resolve("home-west");
        west = Endpoint.open(
                new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, List.of(), LIMITS));
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
        clients.forEach(Client::close);
        west.close();
        pair.close();
        relay.close();
    }

    private Client north() {
        return client(pair.southsFiles());
    }

    private Client west() {
        return client(west.socket("south"));
    }

    private Client client(Path socket) {
        Client client = new Client(socket);
        clients.add(client);
        return client;
    }

    private static HolderStatus cache(Endpoint endpoint) {
        return endpoint.status().peers().getFirst().cache().orElseThrow();
    }

    /** A local program with fid 1 for f, and 2 for f open. */
    private static final class Client {
        private final RawNine nine;

        Client(Path socket) {
            nine = RawNine.connect(UnixDomainSocketAddress.of(socket));
            nine.handshake(Dialect.LINUX, 1 << 16);
            call(new Tattach(0, Frame.NOFID, Text.of("u"), Text.of("south"), OptionalInt.of(0)), Rattach.class);
            walk(1, "f");
            walk(2, "f");
            call(new Tlopen(2, 2), Rlopen.class);
        }

        <R extends Rmessage> R call(dev.ninetunnel.wire.message.Tmessage request, Class<R> reply) {
            return nine.call(1, request, reply);
        }

        void walk(int fid, String... names) {
            call(new Twalk(0, fid, Arrays.stream(names).map(Text::of).toList()), Rwalk.class);
        }

        boolean has(String name) {
            nine.send(new Twalk(0, 9, List.of(Text.of(name))), 1);
            Rmessage reply = nine.receive().as(Rmessage.class);
            if (reply instanceof Rwalk) {
                call(new Tclunk(9), Rclunk.class);
            } else {
                assertThat(reply).isEqualTo(new Rlerror(2));
            }
            return reply instanceof Rwalk;
        }

        void write(int value) {
            String text = String.format("%0" + WIDTH + "d", value);
            call(new Twrite(2, 0, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)), Rwrite.class);
        }

        int read() {
            return Integer.parseInt(readText());
        }

        String readText() {
            return call(new Tread(2, 0, 100), Rread.class).data().toString(StandardCharsets.UTF_8);
        }

        void resize(int size) {
            call(new Tsetattr(1, SIZE, 0, 0, 0, size, 0, 0, 0, 0), Rsetattr.class);
        }

        int size() {
            return (int) call(new Tgetattr(1, 0x7ff), Rgetattr.class).size();
        }

        void make(String name) {
            call(new Tmkdir(0, Text.of(name), 0755, 0), Rmkdir.class);
        }

        void remove(String name) {
            call(new Tunlinkat(0, Text.of(name), 0x200), Runlinkat.class);
        }

        void close() {
            nine.close();
        }
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
        Client writer = north();
        course(writer::write, List.of(north()::read, west()::read, west()::read));
        assertThat(cache(west).hits()).isPositive();
    }

    @Test
    @DisplayName("promise 1: attributes that one peer changes are never seen old by another")
    void attributes() throws Exception {
        Client writer = west();
        writer.resize(0);
        course(writer::resize, List.of(north()::size, west()::size, north()::size));
        assertThat(cache(pair.north()).hits()).isPositive();
    }

    @Test
    @DisplayName("promise 1: names that one peer makes and takes away are never seen otherwise by another")
    void names() throws Exception {
        Client writer = north();
        Client other = west();
        Client third = north();
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
        Client one = north();
        Client other = west();
        for (int i = 1; i <= CHANGES; i += 2) {
            one.write(i);
            assertThat(other.read()).isEqualTo(i);
            other.write(i + 1);
            assertThat(one.read()).isEqualTo(i + 1);
        }
    }

    @Test
    @DisplayName("promise 2: what a program of the exporting host changes is seen, and never before what it changed earlier")
    void outsiders() throws Exception {
        Client reader = north();
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
    @DisplayName("case 26: two peers that make names in one directory that both know do not wait for each other")
    void crosswise() throws Exception {
        Client one = north();
        Client other = west();
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

    private static void makeKnown(Client client, String name) {
        client.has(name);
        client.make(name);
        client.remove(name);
        client.make(name);
    }

    @Test
    @DisplayName("case 19: a recall that is due when a link is lost comes first on the next one, and the change waits for it")
    void cutWithRecallDue() throws Exception {
        Client reader = north();
        Client writer = west();
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
        Client reader = west();
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
