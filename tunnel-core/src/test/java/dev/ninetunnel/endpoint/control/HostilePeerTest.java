package dev.ninetunnel.endpoint.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.Flood;
import dev.ninetunnel.endpoint.HostilePeer;
import dev.ninetunnel.endpoint.Hub;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.PeerConfig;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HandshakeLimits;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strangers, and peers that do their worst, at an endpoint that {@code ann} uses meanwhile. */
class HostilePeerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int NO_FID = -1;
    private static final int NO_USER_NUMBER = -1;

    @TempDir
    private Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private Hub hub;
    private Endpoint ann;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/f"), "here");
        Files.write(folder.resolve("data/large"), new byte[1 << 20]);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private PeerConfig peer(String name, Rights.Limits limits, String... speakFor) throws Exception {
        Grant grant = new Grant(Grant.Access.READ_ONLY, "", Arrays.asList(speakFor), Optional.empty());
        return new PeerConfig(name, Optional.of(Identity.loadOrCreate(folder.resolve(name)).id()), Optional.empty(),
                List.of(), new Rights(Map.of("data", grant), limits, true));
    }

    private void hub(EndpointConfig.Limits limits, PeerConfig... others) throws Exception {
        List<PeerConfig> peers = new ArrayList<>(Arrays.asList(others));
        peers.add(peer("ann", Rights.Limits.STANDARD));
        Path home = folder.resolve("hub");
        hub = Hub.open(new HubConfig(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(EndpointPair.directory(folder.resolve("data"))), limits),
                List.of(new HostPort("127.0.0.1", 0)), peers));
        open.add(hub);
        hub.start();
    }

    private int port() {
        return listening().getPort();
    }

    private InetSocketAddress listening() {
        return hub.addresses().getFirst();
    }

    /** A peer that means well. */
    private Endpoint dial(String name) throws Exception {
        Path home = folder.resolve(name);
        new PeerFile(home).add(new Peer(hub.id(), "hub"));
        Endpoint endpoint = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(), EndpointConfig.Limits.DEFAULT));
        open.add(endpoint);
        endpoint.dial(new HostPort("127.0.0.1", port()), "hub");
        return endpoint;
    }

    private HostilePeer hostile(String name) throws Exception {
        HostilePeer peer = new HostilePeer(folder.resolve(name), hub.id(), port());
        open.add(peer);
        return peer;
    }

    private static void assertServed(Endpoint endpoint) throws IOException {
        try (RemoteFiles files = EndpointPair.connect(endpoint.socket("hub"))) {
            assertRead(files);
        }
    }

    private static void assertRead(RemoteFiles files) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        files.read(RemotePath.of("f"), content, Progress.NONE);
        assertThat(content.toString(StandardCharsets.UTF_8)).isEqualTo("here");
    }

    private static Tattach attach(int fid, String user) {
        return new Tattach(fid, NO_FID, Text.of(user), Text.of("data"), OptionalInt.of(NO_USER_NUMBER));
    }

    private Status.DoorStatus door() {
        return hub.endpoint().status().door().orElseThrow();
    }

    private Status.PeerStatus status(String name) {
        return hub.endpoint().status().peers().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    }

    private static EndpointConfig.Limits door(HandshakeLimits limits, Duration opening) {
        return EndpointConfig.Limits.DEFAULT.withDoor(limits)
                .withSession(EndpointConfig.Limits.DEFAULT.session().withOpening(opening));
    }

    // ---- strangers

    @Test
    @DisplayName("of a flood of handshakes few begin; a link that is there is served, and who was linked is let in again")
    void flood() throws Exception {
        HandshakeLimits few = new HandshakeLimits(new HandshakeLimits.Crowd(4, 30, 8), 8, 1000, 1000);
        hub(door(few, Duration.ofMinutes(2)), peer("bob", Rights.Limits.STANDARD));
        ann = dial("ann");
        AtomicBoolean done = new AtomicBoolean();
        try (Flood flood = new Flood(listening(), 100);
                RemoteFiles files = EndpointPair.connect(ann.socket("hub"))) {
            CompletableFuture<Void> flooding = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 2000 || !done.get(); i++) {
                        flood.begin();
                        flood.look(1);
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try {
                await().atMost(PATIENCE).until(() -> door().turnedAway() > 100);
                for (int i = 0; i < 300; i++) {
                    assertRead(files);
                }
                assertServed(dial("bob"));
                assertThat(door().handshakes()).isEqualTo(8);
            } finally {
                done.set(true);
                flooding.get();
            }
            await().atMost(PATIENCE).until(() -> {
                flood.look(50);
                return flood.closed() == flood.begun() - 8;
            });
            assertThat(flood.heard()).as("handshakes that the endpoint has taken up").isEqualTo(8);
            assertRead(files);
            assertThat(status("ann").session().orElseThrow().resumes()).isZero();
        }
        await().atMost(PATIENCE).until(() -> door().handshakes() == 0);
    }

    @Test
    @DisplayName("connections that say nothing, or not all, take up what their own address has, and end when their time is up")
    void silent() throws Exception {
        HandshakeLimits few = new HandshakeLimits(new HandshakeLimits.Crowd(64, 30, 64), 4, 1000, 1000);
        hub(door(few, Duration.ofSeconds(4)));
        byte[] hello = Flood.clientHello();
        List<Socket> kept = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket();
            open.add(socket);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.1.0.1"), 0));
            socket.connect(listening());
            socket.getOutputStream().write(hello, 0, i % 4 * hello.length / 4);
            kept.add(socket);
        }
        await().atMost(PATIENCE).until(() -> door().turnedAway() == 4);
        ann = dial("ann");
        assertServed(ann);
        for (Socket socket : kept) {
            assertEnds(socket);
        }
        await().atMost(PATIENCE).until(() -> door().handshakes() == 0);
        assertThat(door().refused()).isEqualTo(4);
        assertServed(ann);
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.net.SocketException reset) {
            // An end as well.
        }
    }

    @Test
    @DisplayName("who claims that something huge follows is cut off before much of it has come")
    void hugeClaims() throws Exception {
        hub(door(HandshakeLimits.DEFAULT, Duration.ofMinutes(2)));
        // A ClientHello of 16 MiB, in records of 16 KiB.
        byte[] record = new byte[5 + (1 << 14)];
        System.arraycopy(new byte[]{22, 3, 1, 0x40, 0}, 0, record, 0, 5);
        byte[] first = record.clone();
        System.arraycopy(new byte[]{1, -1, -1, -1, 3, 3}, 0, first, 5, 6);
        try (Socket socket = new Socket()) {
            socket.connect(listening());
            socket.getOutputStream().write(first);
            for (int i = 0; i < 1000; i++) {
                socket.getOutputStream().write(record);
            }
            assertEnds(socket);
        } catch (IOException cutOff) {
            // While it was writing.
        }
        await().atMost(PATIENCE).until(() -> door().handshakes() == 0);
        assertThat(door().refused()).isEqualTo(1);

        HostilePeer peer = hostile("ann");
        peer.send(1, (i, out) -> out.writeIntLE(8193).writeByte(100).writeShortLE(Frame.NOTAG));
        assertThat(peer.end().kind()).isNotEqualTo(LinkEnd.Kind.LOCAL);
        assertThat(peer.received()).isZero();
        assertServed(dial("ann"));
    }

    @Test
    @DisplayName("a peer that has proven who it is has the rest of the same time to begin to speak")
    void mute() throws Exception {
        hub(door(HandshakeLimits.DEFAULT, Duration.ofSeconds(4)));
        assertThat(hostile("ann").end().kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
    }

    // ---- peers

    @Test
    @DisplayName("a peer gets the fids that it may have of 100,000 that it asks for, and others are served")
    void fids() throws Exception {
        hub(EndpointConfig.Limits.DEFAULT, peer("mallory", new Rights.Limits(100, 5_000, 1 << 20, 1_000_000)));
        ann = dial("ann");
        HostilePeer mallory = hostile("mallory");
        mallory.begin("9P2000.L");
        mallory.send(attach(0, "root"));
        await().atMost(PATIENCE).until(() -> mallory.received("Rattach") == 1);
        for (int batch = 0; batch < 100; batch++) {
            int base = 1 + batch * 1000;
            mallory.send(1000, (i, out) -> new Twalk(0, base + i, List.of()).write(out, i));
            if (batch % 10 == 0) {
                assertServed(ann);
            }
            await().atMost(PATIENCE).until(() -> mallory.received() == base + 1000);
        }
        assertThat(mallory.received("Rwalk")).isEqualTo(4_999);
        assertThat(mallory.received("ENFILE")).isEqualTo(95_001);
        mallory.close();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(hub.endpoint().status().serving())
                .allSatisfy(s -> assertThat(s.fids()).isZero()));
        assertServed(ann);
    }

    @Test
    @DisplayName("floods of Tattach and Tflush are answered one by one, within what a peer may have, and others are served")
    void attachesAndFlushes() throws Exception {
        hub(EndpointConfig.Limits.DEFAULT, peer("mallory", new Rights.Limits(50, 5_000, 1 << 20, 1_000_000)));
        ann = dial("ann");
        HostilePeer mallory = hostile("mallory");
        mallory.begin("9P2000.L");
        mallory.send(1000, (i, out) -> attach(i, "root").write(out, i));
        assertServed(ann);
        await().atMost(PATIENCE).until(() -> mallory.received() == 1000);
        assertThat(mallory.received("Rattach")).isEqualTo(50);
        assertThat(mallory.received("EMFILE")).isEqualTo(950);

        for (int batch = 0; batch < 10; batch++) {
            mallory.send(1000, (i, out) -> {
                attach(10_000 + i, "root").write(out, i);
                new Tflush(i).write(out, 1000 + i);
                new Tflush(1000 + i).write(out, 2000 + i);
            });
        }
        assertServed(ann);
        await().atMost(PATIENCE).until(() -> mallory.received("Rflush") == 20_000);
        assertServed(ann);
    }

    @Test
    @DisplayName("for a peer that takes no replies a bounded amount is kept, and others are served")
    void neverReads() throws Exception {
        hub(EndpointConfig.Limits.DEFAULT, peer("mallory", Rights.Limits.STANDARD));
        ann = dial("ann");
        HostilePeer mallory = hostile("mallory");
        mallory.begin("9P2000.L;session=" + "ab".repeat(16) + ";link=1;received=0");
        mallory.send(attach(0, "root"));
        await().atMost(PATIENCE).until(() -> mallory.received("Rattach") == 1);
        mallory.send(new Twalk(0, 1, List.of(Text.of("large"))));
        await().atMost(PATIENCE).until(() -> mallory.received("Rwalk") == 1);
        mallory.send(new Tlopen(1, 0));
        await().atMost(PATIENCE).until(() -> mallory.received("Rlopen") == 1);
        mallory.stopReading();
        // 250 MB of replies.
        mallory.send(2000, (i, out) -> new Tread(1, 0, 1 << 17).write(out, i));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(kept("mallory")).isGreaterThan(8L << 20));
        for (int i = 0; i < 50; i++) {
            assertServed(ann);
        }
        assertThat(kept("mallory")).as("bytes kept for a peer that does not read")
                .isLessThan(ServerLimits.STANDARD.replyBytes() + (ServerLimits.STANDARD.running() * (1L << 18)));
        mallory.close();
        assertServed(ann);
    }

    private long kept(String name) {
        return status(name).session().map(Status.SessionStatus::keptBytes).orElse(0L);
    }

    @Test
    @DisplayName("names and versions that would move a cursor or begin a line are escaped in the log and in the status")
    void controlCharacters() throws Exception {
        hub(EndpointConfig.Limits.DEFAULT, peer("mallory", Rights.Limits.STANDARD, "nobody"));
        ann = dial("ann");
        try (Logged logged = new Logged(dev.ninetunnel.link.Link.class)) {
            HostilePeer mallory = hostile("mallory");
            mallory.begin("9P2000.L");
            mallory.send(attach(0, "ev\u001b[2Jil\nINFO all is well"));
            await().atMost(PATIENCE).until(() -> mallory.received("EPERM") == 1);
            HostilePeer other = new HostilePeer(folder.resolve("mallory"), hub.id(), port(), "9P\u001b[2J\nINFO fine");
            open.add(other);
            other.begin("9P2000.L");
            other.end();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(logged.lines()).anySatisfy(line -> assertThat(line).contains("ev\\x1b[2Jil\\x0aINFO"));
                assertThat(logged.lines()).anySatisfy(line -> assertThat(line).contains("9P\\x1b[2J\\x0aINFO"));
            });
            assertThat(logged.lines()).noneMatch(line -> line.matches("(?s).*[\\p{Cntrl}].*"));
            assertThat(StatusText.of(hub.endpoint().status())).doesNotContain("\u001b");
        }
    }

    @Test
    @DisplayName("a peer cannot go on with the session of another, even if it knows all about it")
    void otherPeersSession() throws Exception {
        hub(EndpointConfig.Limits.DEFAULT, peer("mallory", Rights.Limits.STANDARD));
        String session = "9P2000.L;session=" + "cd".repeat(16);
        HostilePeer victim = hostile("ann");
        assertThat(victim.begin(session + ";link=1;received=0")).startsWith(session);
        victim.send(attach(0, "root"));
        await().atMost(PATIENCE).until(() -> victim.received("Rattach") == 1);

        HostilePeer mallory = hostile("mallory");
        assertThat(mallory.begin(session + ";link=2;received=0")).isEqualTo("9P2000.L;refused=unknown");
        HostilePeer beginner = hostile("mallory");
        assertThat(beginner.begin(session + ";link=1;received=0")).startsWith(session);
        beginner.send(new Twalk(0, 1, List.of()));
        await().atMost(PATIENCE).until(() -> beginner.received("EBADF") == 1);
        victim.send(new Twalk(0, 1, List.of()));
        await().atMost(PATIENCE).until(() -> victim.received("Rwalk") == 1);
    }
}
