package dev.ninetunnel.link.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.Ends;
import dev.ninetunnel.link.HandshakeLimits;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that wait for their turn, on real sockets. */
class AcceptedConnectionTest {
    @TempDir
    Path folder;
    private final EventLoopGroup loops = Transport.newLoops(1);
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private Identity rome;
    private Identity oslo;

    @BeforeEach
    void keys() throws Exception {
        rome = Identity.loadOrCreate(folder.resolve("rome"));
        oslo = Identity.loadOrCreate(folder.resolve("oslo"));
        new PeerFile(folder.resolve("rome")).add(new Peer(oslo.id(), "oslo"));
    }

    @AfterEach
    void close() {
        links.forEach(link -> link.close("the test is over"));
        links.forEach(link -> link.closed().join());
        loops.shutdownGracefully(100, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    private LinkAcceptor listen(HandshakeLimiter keeper, LinkLimits limits) throws LinkException {
        LinkAcceptor acceptor = LinkAcceptor.bind(new HostPort("127.0.0.1", 0), loops,
                new Tls(rome, Clock.systemUTC()), new PeerFile(folder.resolve("rome")), Optional.empty(), limits,
                keeper, links::add);
        acceptor.begin();
        return acceptor;
    }

    private HandshakeLimiter keeper(LinkLimits limits) {
        return new HandshakeLimiter(limits.door(), loops.next(), Audit.NONE);
    }

    @Test
    @DisplayName("100 peers that come at once from one address are all linked, and none is refused")
    void allAtOnce() throws Exception {
        LinkLimits limits = LinkLimits.DEFAULT.withHandshake(Duration.ofMinutes(2));
        HandshakeLimiter keeper = keeper(limits);
        try (LinkAcceptor acceptor = listen(keeper, limits)) {
            LinkDialler dialler = new LinkDialler(new Tls(oslo, Clock.systemUTC()), limits);
            List<CompletableFuture<Link>> coming = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                coming.add(dialler.dial(new HostPort("127.0.0.1", acceptor.address().getPort()),
                        new Peer(rome.id(), "rome"), loops.next()));
            }
            for (CompletableFuture<Link> one : coming) {
                links.add(Ends.get(one));
            }
            await().atMost(Ends.PATIENCE).until(() -> links.size() == 200);
            assertThat(keeper.refusals().count(RejectionLog.Kind.CROWD)).isZero();
            assertThat(keeper.state()).isEqualTo(new HandshakeLimiter.State(0, 100));
        }
    }

    @Test
    @DisplayName("who hangs up while waiting leaves the line, and the endpoint never works for it")
    void hangsUpInLine() throws Exception {
        LinkLimits limits = LinkLimits.DEFAULT.withHandshake(Duration.ofMinutes(2))
                .withDoor(new HandshakeLimits(HandshakeLimits.DEFAULT.handshakes(), 2048, 1, HandshakeLimits.MOST));
        HandshakeLimiter keeper = keeper(limits);
        try (LinkAcceptor acceptor = listen(keeper, limits); Logged logged = new Logged()) {
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), acceptor.address().getPort());
                socket.getOutputStream().write(new byte[]{22, 3, 1, 2, 0, 1, 0});
                waiting.add(socket);
            }
            // Five begin at once, the others one in a second.
            await().atMost(Ends.PATIENCE).until(() -> keeper.state().handshakes() == 40);
            for (Socket socket : waiting) {
                socket.close();
            }
            await().atMost(Ends.PATIENCE).until(() -> keeper.state().handshakes() == 0);
            assertThat(keeper.state().begun()).isLessThan(40);
            assertThat(logged.warnings()).isNotEmpty().allSatisfy(w -> assertThat(w).contains("closed the connection"));
        }
    }
}
