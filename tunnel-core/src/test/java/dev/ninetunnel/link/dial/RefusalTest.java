package dev.ninetunnel.link.dial;

import static dev.ninetunnel.link.Ends.failure;
import static dev.ninetunnel.link.Ends.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.identity.HomeFolder;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Collected;
import dev.ninetunnel.link.Ends;
import dev.ninetunnel.link.HandshakeLimits;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.accept.LinkAcceptor;
import dev.ninetunnel.testing.FreePort;
import dev.ninetunnel.tls.Tls;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may not be here, or is not who was expected: a clear word to the side that can act, and no harm done. */
class RefusalTest {
    @TempDir
    Path folder;
    private Logged logged;

    @BeforeEach
    void listen() {
        logged = new Logged();
    }

    @AfterEach
    void mute() {
        logged.close();
    }

    @Test
    @DisplayName("an unknown peer is refused; both sides are told the command that lets it in, and it then does")
    void unknownPeer() throws Exception {
        try (Ends ends = Ends.strangers(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            Link link = get(ends.dial(rome));
            link.loop().execute(() -> link.route(new Collected(), new Collected()));

            LinkEnd end = get(link.closed());
            assertThat(end.kind()).isEqualTo(LinkEnd.Kind.REFUSED);
            assertThat(end.reason()).contains("ninetunnel trust " + ends.oslo.id() + " --name NAME");
            assertOneWarning("refused a connection from 127.0.0.1:", "ninetunnel trust " + ends.oslo.id());

            ends.romesPeers.add(new Peer(ends.oslo.id(), "oslo"));
            get(ends.dial(rome));
            assertThat(ends.nextAccepted().peerName()).isEqualTo("oslo");
        }
    }

    @Test
    @DisplayName("a refused peer that sends a great deal at once still learns that it was refused")
    void refusalSurvivesData() throws Exception {
        try (Ends ends = Ends.strangers(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            for (int i = 0; i < 5; i++) {
                Link link = get(ends.dial(rome));
                link.loop().execute(() -> {
                    for (int j = 0; j < 100; j++) {
                        link.accept(Ends.frame(118, j, 1 << 16));
                    }
                    link.endOfBatch();
                    link.route(new Collected(), new Collected());
                });
                assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.REFUSED);
            }
        }
    }

    @Test
    @DisplayName("a wrong key is refused by the side that dials, which shows both ids")
    void wrongKey() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            PeerId other = new PeerId("0".repeat(64));
            LinkException why = failure(ends.dial(rome, new Peer(other, "rome"), LinkLimits.DEFAULT));

            assertThat(why.kind()).isEqualTo(LinkException.Kind.WRONG_KEY);
            assertThat(why.seen()).contains(ends.rome.id());
            assertThat(why).hasMessageContaining("expected " + other).hasMessageContaining(
                    "seen     " + ends.rome.id());
            assertOneWarning("does not accept this endpoint's certificate");
        }
    }

    @Test
    @DisplayName("an expired certificate of the listening side is refused by the dialling one")
    void expiredServer() throws Exception {
        Instant now = Instant.now();
        HomeFolder.withDates(folder.resolve("rome"), now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            Tls later = new Tls(ends.oslo, Clock.offset(Clock.systemUTC(), Duration.ofDays(2)));
            LinkException why = failure(ends.dial(new LinkDialler(later, LinkLimits.DEFAULT), rome, ends.romeAsPeer()));

            assertThat(why.kind()).isEqualTo(LinkException.Kind.EXPIRED);
            assertThat(why).hasMessageContaining("expired on");
        }
    }

    @Test
    @DisplayName("an expired certificate of the dialling side is refused by the listening one, whose log says when")
    void expiredClient() throws Exception {
        Instant now = Instant.now();
        HomeFolder.withDates(folder.resolve("oslo"), now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT, Clock.offset(Clock.systemUTC(), Duration.ofDays(2)));
            Link link = get(ends.dial(rome));
            link.loop().execute(() -> link.route(new Collected(), new Collected()));

            assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.REFUSED);
            assertOneWarning("its certificate expired on");
        }
    }

    @Test
    @DisplayName("a certificate that is not valid yet is refused too")
    void tooEarly() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT, Clock.offset(Clock.systemUTC(), Duration.ofDays(-9)));
            Link link = get(ends.dial(rome));
            link.loop().execute(() -> link.route(new Collected(), new Collected()));

            assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.REFUSED);
            assertOneWarning("is not valid before");
        }
    }

    @Test
    @DisplayName("a list of peers that is broken lets nobody in, and the log says which line is to blame")
    void brokenList() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            Files.writeString(ends.romesPeers.file(), ends.oslo.id() + " oslo\nnonsense\n");
            Link link = get(ends.dial(rome));
            link.loop().execute(() -> link.route(new Collected(), new Collected()));

            assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.REFUSED);
            assertOneWarning(ends.romesPeers.file() + ":2: ");
        }
    }

    @Test
    @DisplayName("who speaks plain 9P or HTTP to the port is refused with a reason, and the next peer is served")
    void noTls() throws Exception {
        byte[] version = {21, 0, 0, 0, 100, -1, -1, 0, 0, 2, 0, 8, 0, '9', 'P', '2', '0', '0', '0', '.', 'L'};
        byte[] http = "GET / HTTP/1.1\r\nHost: rome\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            for (byte[] first : List.of(version, http)) {
                try (Socket socket = new Socket(rome.host(), rome.port())) {
                    socket.getOutputStream().write(first);
                    readToEnd(socket);
                }
            }
            await().atMost(Ends.PATIENCE).untilAsserted(() -> assertThat(logged.warnings()).hasSize(2)
                    .allSatisfy(warning -> assertThat(warning).contains("what it sent is not TLS")));
            get(ends.dial(rome));
        }
    }

    @Test
    @DisplayName("a connection that sends nothing, or a piece of a handshake, is closed when its time is up")
    void silent() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(Ends.SHORT);
            try (Socket silent = new Socket(rome.host(), rome.port());
                    Socket piece = new Socket(rome.host(), rome.port())) {
                piece.getOutputStream().write(new byte[]{22, 3, 1, 2, 0, 1, 0});
                readToEnd(silent);
                readToEnd(piece);
            }
            await().atMost(Ends.PATIENCE).untilAsserted(() -> assertThat(logged.warnings()).hasSize(2)
                    .allSatisfy(warning -> assertThat(warning).contains("did not finish the TLS handshake in time")));
            get(ends.dial(rome));
        }
    }

    @Test
    @DisplayName("a connection that is closed or reset before its handshake is over leaves one line in the log")
    void hangsUp() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            new Socket(rome.host(), rome.port()).close();
            await().atMost(Ends.PATIENCE).until(() -> logged.warnings().size() == 1);
            Socket reset = new Socket(rome.host(), rome.port());
            reset.getOutputStream().write(22);
            reset.setSoLinger(true, 0);
            reset.close();
            await().atMost(Ends.PATIENCE).until(() -> logged.warnings().size() == 2);
            assertThat(logged.warnings()).allSatisfy(
                    warning -> assertThat(warning).containsPattern("closed the connection|connection broke"));
            get(ends.dial(rome));
        }
    }

    @Test
    @DisplayName("more connections than may be in their handshake are closed, and the port serves again afterwards")
    void tooMany() throws Exception {
        LinkLimits few = LinkLimits.DEFAULT.withHandshake(Duration.ofSeconds(30))
                .withDoor(new HandshakeLimits(HandshakeLimits.Crowd.parse("2"), 9, 9, 9));
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(few);
            try (Socket first = new Socket(rome.host(), rome.port());
                    Socket second = new Socket(rome.host(), rome.port());
                    Socket third = new Socket(rome.host(), rome.port())) {
                readToEnd(third);
                assertThat(first.isConnected() && second.isConnected()).isTrue();
            }
            assertThat(logged.warnings()).anySatisfy(w -> assertThat(w).contains("2 others are in their handshake"));
            await().atMost(Ends.PATIENCE).ignoreExceptions().untilAsserted(() -> get(ends.dial(rome)));
        }
    }

    @Test
    @DisplayName("a port in use and an address of another host are told apart")
    void bind() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            assertThatThrownBy(() -> LinkAcceptor.listen(rome, ends.loops, new Tls(ends.rome, Clock.systemUTC()),
                    ends.romesPeers, LinkLimits.DEFAULT, link -> {})).isInstanceOf(LinkException.class)
                    .hasMessageStartingWith("port " + rome.port() + " is in use: ");
            assertThatThrownBy(() -> LinkAcceptor.listen(new HostPort("192.0.2.1", 0), ends.loops,
                    new Tls(ends.rome, Clock.systemUTC()), ends.romesPeers, LinkLimits.DEFAULT, link -> {}))
                    .isInstanceOf(LinkException.class).hasMessageContaining("is not an address of this host");
        }
    }

    @Test
    @DisplayName("dialling a closed port, an unknown name, a silent and a plain server each fail in their own words")
    void dialFailures() throws Exception {
        try (Ends ends = Ends.trusting(folder);
                ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            LinkException refused = failure(ends.dial(new HostPort("127.0.0.1", FreePort.find())));
            assertThat(refused.kind()).isEqualTo(LinkException.Kind.REFUSED);
            assertThat(refused).hasMessageContaining("ninetunnel listen");

            LinkDialler nameless = new LinkDialler(new Tls(ends.oslo, Clock.systemUTC()), LinkLimits.DEFAULT,
                    host -> {
                        throw new UnknownHostException(host);
                    });
            LinkException name = failure(ends.dial(nameless, new HostPort("nowhere.invalid", 1), ends.romeAsPeer()));
            assertThat(name.kind()).isEqualTo(LinkException.Kind.NAME);
            assertThat(name).hasMessageContaining("nowhere.invalid");

            LinkException mute = failure(ends.dial(new HostPort("127.0.0.1", silent.getLocalPort()),
                    ends.romeAsPeer(), Ends.SHORT));
            assertThat(mute.kind()).isEqualTo(LinkException.Kind.STALLED);
            assertThat(mute).hasMessageContaining("accepted the connection").hasMessageContaining("--opening")
                    .hasMessageContaining("mtu");

            Thread.ofVirtual().start(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII));
                    readToEnd(socket);
                } catch (java.io.IOException e) {
                    // the dialler hung up
                }
            });
            LinkException ssh = failure(ends.dial(new HostPort("127.0.0.1", plain.getLocalPort())));
            assertThat(ssh.kind()).isEqualTo(LinkException.Kind.NOT_TLS);
        }
    }

    @Test
    @DisplayName("RFC 8305 an address that does not answer costs a moment; the log says what is tried")
    void deadAddresses() throws Exception {
        try (Ends ends = Ends.trusting(folder); Logged tried = new Logged(LinkDialler.class)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            List<Socket> waiting = new ArrayList<>();
            try {
                // Of 127.0.0.3 and 127.0.0.4 the backlog is full, so that they do not answer any more.
                List<ServerSocket> dead = new ArrayList<>();
                for (String address : List.of("127.0.0.3", "127.0.0.4")) {
                    ServerSocket silent = new ServerSocket(rome.port(), 1, InetAddress.ofLiteral(address));
                    dead.add(silent);
                    waiting.addAll(fill(silent));
                }
                // Each dead one takes longer than anybody waits here.
                LinkLimits usual = LinkLimits.DEFAULT;
                LinkLimits patient = new LinkLimits(usual.lookup(), Ends.PATIENCE.multipliedBy(10), usual.handshake(),
                        usual.linger(), usual.unacknowledged(), usual.idle(), usual.door(), usual.firstFrame(),
                        usual.leastDepth());
                LinkDialler dialler = new LinkDialler(new Tls(ends.oslo, Clock.systemUTC()), patient,
                        host -> List.of(InetAddress.ofLiteral("127.0.0.3"), InetAddress.ofLiteral("127.0.0.4"),
                                InetAddress.ofLiteral("127.0.0.5"), InetAddress.ofLiteral("127.0.0.1")));
                Link link = get(ends.dial(dialler, new HostPort("rome.example", rome.port()), ends.romeAsPeer()));
                assertThat(link.where()).startsWith("127.0.0.1:");
                assertThat(tried.lines()).anySatisfy(line -> assertThat(line).contains("rome.example",
                        "127.0.0.3 has not answered yet", "127.0.0.4 is tried"))
                        .anySatisfy(line -> assertThat(line).contains("127.0.0.5 does not answer (refused)"));
                for (ServerSocket one : dead) {
                    one.close();
                }
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
        }
    }

    /** Connects until nobody else can. */
    private static List<Socket> fill(ServerSocket server) throws java.io.IOException {
        List<Socket> waiting = new ArrayList<>();
        while (true) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
            } catch (java.net.SocketTimeoutException full) {
                return waiting;
            }
        }
    }

    @Test
    @DisplayName("where no address of a name answers, each is named, with why")
    void noAddress() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            LinkDialler dialler = new LinkDialler(new Tls(ends.oslo, Clock.systemUTC()), LinkLimits.DEFAULT,
                    host -> List.of(InetAddress.ofLiteral("127.0.0.3"), InetAddress.ofLiteral("127.0.0.4")));
            LinkException why = failure(
                    ends.dial(dialler, new HostPort("rome.example", FreePort.find()), ends.romeAsPeer()));
            assertThat(why.kind()).isEqualTo(LinkException.Kind.REFUSED);
            assertThat(why).hasMessageContaining("127.0.0.3 (refused), 127.0.0.4 (refused)");
        }
    }

    @Test
    @DisplayName("all addresses of a name are tried in turn")
    void addresses() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            LinkDialler dialler = new LinkDialler(new Tls(ends.oslo, Clock.systemUTC()), LinkLimits.DEFAULT,
                    host -> List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")));
            Link link = get(ends.dial(dialler, new HostPort("rome.example", rome.port()), ends.romeAsPeer()));
            assertThat(link.where()).startsWith("127.0.0.1:");
        }
    }

    @Test
    @DisplayName("who has a certificate for its own key cannot pass for another by showing the other's certificate")
    void borrowedCertificate() throws Exception {
        Path thief = folder.resolve("thief");
        Identity.loadOrCreate(folder.resolve("oslo"));
        Identity.loadOrCreate(thief);
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            Process client = new ProcessBuilder("openssl", "s_client", "-connect", rome.toString(), "-cert",
                    folder.resolve("oslo/cert.pem").toString(), "-key", thief.resolve("key.pem").toString(), "-quiet")
                    .redirectErrorStream(true).start();
            String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(client.waitFor()).as(said).isNotZero();
            assertThat(ends.accepted).isEmpty();
        }
    }

    private void assertOneWarning(String... parts) {
        await().atMost(Ends.PATIENCE).until(() -> !logged.warnings().isEmpty());
        assertThat(logged.warnings()).singleElement().asString().contains(parts);
    }

    private static void readToEnd(Socket socket) throws java.io.IOException {
        InputStream in = socket.getInputStream();
        try {
            in.readAllBytes();
        } catch (java.net.SocketException e) {
            // a reset is an end too
        }
    }
}
