package dev.ninetunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.ScriptedPeer;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client on real sockets. */
@DisplayName("connecting")
class ConnectTest {
    @TempDir
    Path room;
    private final EventLoopGroup best = NineClient.loops(1);
    private final EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void stop() {
        best.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        nio.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @ParameterizedTest(name = "unix socket: {0}, epoll where there is one: {1}")
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void worksOnUnixSocketsAndByTcp(boolean unix, boolean epoll) throws IOException {
        try (ScriptedPeer server = unix ? ScriptedPeer.listen(room.resolve("s")) : ScriptedPeer.listen()) {
            CompletableFuture<NineClient> client = NineClient.connect(epoll ? best : nio, server.address(),
                    Offer.of(Dialect.LINUX));
            try (RawNine peer = server.accept()) {
                peer.acceptVersion();
                var reply = RpcCalls.await(client).send(new Tclunk(1));
                peer.expect(Tclunk.class).answer(new Rclunk());
                assertThat(RpcCalls.await(reply)).isEqualTo(new Rclunk());
                RpcCalls.await(client).close();
                peer.expectEnd();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhereNobodyListens(boolean epoll) {
        SocketAddress nobody = UnixDomainSocketAddress.of(room.resolve("nobody"));
        assertThatThrownBy(() -> RpcCalls.await(NineClient.connect(epoll ? best : nio, nobody, Offer.any())))
                .isInstanceOf(ConversationException.class)
                .hasMessageStartingWith("cannot reach " + room.resolve("nobody") + ": ")
                .hasMessageContaining("No such file or directory");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhereAPathIsTooLongForASocket(boolean epoll) {
        SocketAddress tooLong = UnixDomainSocketAddress.of(room.resolve("x".repeat(120)));
        assertThatThrownBy(() -> RpcCalls.await(NineClient.connect(epoll ? best : nio, tooLong, Offer.any())))
                .isInstanceOf(ConversationException.class)
                .hasMessageEndingWith("the path of a unix socket has at most 107 bytes; use a shorter one");
    }

    @Test
    void saysWhoHangsUpBeforeAVersionIsAgreedOn() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.listen(room.resolve("s"))) {
            var client = NineClient.connect(best, server.address(), Offer.any());
            try (RawNine peer = server.accept()) {
                peer.expect(Tversion.class);
            }
            assertThatThrownBy(() -> RpcCalls.await(client)).isInstanceOf(ConversationException.class)
                    .hasMessageStartingWith(room.resolve("s").toString());
        }
    }

    @Test
    void aServerThatGoesAwayInTheMiddleFailsWhatIsWaited() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.listen(room.resolve("s"))) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> failure.complete(catchThrowable(() -> {
                try (RemoteFiles files = RemoteFiles.connect(server.address(), Offer.any(),
                        new Login(Text.of("u"), 0, 0, Text.EMPTY))) {
                    files.status(RemotePath.ROOT);
                }
            })));
            try (RawNine peer = server.accept()) {
                peer.acceptVersion();
                peer.expect(Tattach.class).answer(new Rattach(new Qid(Qid.DIRECTORY, 0, 1)));
                peer.receive();
            }
            assertThat(failure.get(2, TimeUnit.MINUTES)).isInstanceOf(ConversationException.class);
        }
    }

    @Test
    void aServerThatRefusesTheAttachIsNamedWithItsTree() {
        TinyServer server = new TinyServer(Dialect.LINUX);
        server.before = request -> request instanceof Tattach
                ? new Rlerror(Errno.EACCES.number())
                : null;
        try (ScriptedPeer listener = ScriptedPeer.listen(room.resolve("s")).answer(server)) {
            assertThatThrownBy(() -> RemoteFiles.connect(listener.address(), Offer.any(),
                    new Login(Text.of("u"), 0, 0, Text.of("tree")))).isInstanceOf(RefusedException.class)
                    .hasMessage("cannot attach to \"tree\": Permission denied");
        }
    }
}
