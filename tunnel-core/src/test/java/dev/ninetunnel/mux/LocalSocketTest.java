package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Local clients on real sockets, with a far side that answers at once. */
@ParameterizedClass
@EnumSource
class LocalSocketTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    enum Transport {
        EPOLL, NIO
    }

    @Parameter
    Transport transport;

    @TempDir
    Path folder;

    private final AtomicInteger reads = new AtomicInteger();
    private final List<LocalListener> listeners = new ArrayList<>();
    private EventLoopGroup group;
    private EventLoop loop;
    private ClientRole role;

    @BeforeEach
    void start() throws Exception {
        IoHandlerFactory factory = transport == Transport.EPOLL
                ? EpollIoHandler.newFactory()
                : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, factory);
        loop = group.next();
        role = new ClientRole("bob", loop, ClientLimits.standard());
        onLoop(() -> {
            role.open(new RemoteParameters(Bench.MSIZE, EnumSet.of(Dialect.PLAIN, Dialect.LINUX)), new Answers());
            return null;
        });
    }

    @AfterEach
    void stop() throws Exception {
        listeners.forEach(LocalListener::close);
        onLoop(() -> role.shutdown(Duration.ofSeconds(5))).await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private LocalListener unix(Path path) throws IOException {
        LocalListener listener = LocalListener.unix(path, loop, role);
        listeners.add(listener);
        return listener;
    }

    /** Answers every request within the call that hands it over. */
    private final class Answers implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            int tag = Frame.tag(frame);
            Tmessage asked = Tmessage.read(frame);
            Rmessage answer = switch (asked.type()) {
                case TATTACH -> new Rattach(Bench.QID);
                case TCLUNK -> new Rclunk();
                case TFLUSH -> new Rflush();
                case TREAD -> new Rread(Bench.bytes(((Tread) asked).count()));
                default -> throw new AssertionError(asked);
            };
            reads.addAndGet(asked.type() == MessageType.TREAD ? 1 : 0);
            frame.release();
            ByteBuf reply = ByteBufAllocator.DEFAULT.buffer();
            answer.write(reply, tag);
            role.accept(reply);
        }

        @Override
        public void endOfBatch() {
            role.endOfBatch();
        }
    }

    /** A client that waits for what it asks for. */
    private static final class Client implements AutoCloseable {
        final SocketChannel socket;

        Client(SocketAddress address) throws IOException {
            socket = SocketChannel.open(address);
        }

        static Client attached(SocketAddress address) throws IOException {
            Client client = new Client(address);
            client.send(Frame.NOTAG, new Tversion(Bench.MSIZE, Text.of("9P2000.L")));
            assertThat(client.receive().message().type()).isEqualTo(MessageType.RVERSION);
            client.send(0, Bench.tattach(0));
            assertThat(client.receive()).isEqualTo(new Bench.Got<>(0, new Rattach(Bench.QID)));
            return client;
        }

        void send(int tag, Tmessage message) throws IOException {
            ByteBuf out = Unpooled.buffer();
            message.write(out, tag);
            socket.write(out.nioBuffer());
        }

        Bench.Got<Rmessage> receive() throws IOException {
            ByteBuffer size = read(4);
            int length = Integer.reverseBytes(size.getInt(0));
            ByteBuf frame = Unpooled.wrappedBuffer(size, read(length - 4));
            return new Bench.Got<>(Frame.tag(frame), Rmessage.read(frame));
        }

        private ByteBuffer read(int bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            while (buffer.hasRemaining()) {
                assertThat(socket.read(buffer)).isPositive();
            }
            return buffer.flip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void aClientIsServedOverAUnixSocketThatOnlyItsOwnerCanUse() throws Exception {
        Path path = folder.resolve("bob.9p");
        LocalListener listener = unix(path);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(path));
        try (Client client = Client.attached(listener.address()); var left = Files.list(folder)) {
            client.send(1, new Tread(0, 0, 100));
            assertThat(client.receive()).isEqualTo(new Bench.Got<>(1, new Rread(Bench.bytes(100))));
            assertThat(left).containsExactly(path);
        }
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(onLoop(role::localClients)).isZero();
            assertThat(onLoop(role::fids)).isZero();
        });
        listener.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void l5AClientThatStopsReadingStallsNobodyAndItsRepliesStayBounded() throws Exception {
        LocalListener listener = unix(folder.resolve("bob.9p"));
        int requests = 2000;
        int size = 60_000;
        try (Client stuck = Client.attached(listener.address());
                Client other = Client.attached(listener.address())) {
            for (int tag = 0; tag < requests; tag++) {
                stuck.send(tag, new Tread(0, 0, size));
            }
            Awaitility.await().atMost(PATIENCE).until(() -> reads.get() > 10);
            for (int i = 0; i < 500; i++) {
                other.send(1, new Tread(0, 0, 1000));
                assertThat(other.receive().tag()).isEqualTo(1);
            }
            int answered = reads.get() - 500;
            // The kernel's buffer takes up to twice what it was asked for, socket(7).
            assertThat((long) answered * size).as("bytes of replies for a client that reads none").isLessThan(
                    ClientLimits.standard().replyBytes() + 2 * LocalListener.SEND_BYTES + (1 << 20));
            for (int i = 0; i < requests; i++) {
                assertThat(((Rread) stuck.receive().message()).data().readableBytes()).isEqualTo(size);
            }
        }
    }

    @Test
    void m12AClientThatHangsUpWithRepliesUnreadLeavesNothingBehind() throws Exception {
        LocalListener listener = unix(folder.resolve("bob.9p"));
        try (Client stuck = Client.attached(listener.address())) {
            for (int tag = 0; tag < 500; tag++) {
                stuck.send(tag, new Tread(0, 0, 60_000));
            }
            Awaitility.await().atMost(PATIENCE).until(() -> reads.get() > 10);
        }
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(onLoop(role::localClients)).isZero();
            assertThat(onLoop(role::fids)).isZero();
        });
    }

    @Test
    void m14AClientThatDoesNotReadIsClosedAllTheSameWhenTheConversationIsLost() throws Exception {
        LocalListener listener = unix(folder.resolve("bob.9p"));
        try (Client stuck = Client.attached(listener.address())) {
            for (int tag = 0; tag < 500; tag++) {
                stuck.send(tag, new Tread(0, 0, 60_000));
            }
            Awaitility.await().atMost(PATIENCE).until(() -> reads.get() > 10);
            onLoop(() -> {
                role.lost("the cable was cut");
                return null;
            });
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(onLoop(role::localClients)).isZero());
        }
    }

    @Test
    void aStaleSocketFileIsReplaced() throws Exception {
        Path path = folder.resolve("bob.9p");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path)).close();
        assertThat(path).exists();
        Client.attached(unix(path).address()).close();
    }

    @Test
    void aSocketOfARunningEndpointIsLeftAlone() throws Exception {
        Path path = folder.resolve("bob.9p");
        LocalListener first = unix(path);
        assertThatThrownBy(() -> unix(path)).isInstanceOf(IOException.class).hasMessageContaining(path.toString())
                .hasMessageContaining("is taken by a running endpoint");
        Client.attached(first.address()).close();
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Path path = Files.writeString(folder.resolve("bob.9p"), "precious");
        assertThatThrownBy(() -> unix(path)).isInstanceOf(IOException.class).hasMessageContaining("is no socket");
        assertThat(path).hasContent("precious");
        Path link = Files.createSymbolicLink(folder.resolve("link.9p"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> unix(link)).isInstanceOf(IOException.class).hasMessageContaining("is no socket");
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    @Test
    void aMissingFolderIsNamed() {
        Path path = folder.resolve("none/bob.9p");
        assertThatThrownBy(() -> unix(path)).isInstanceOf(IOException.class).hasMessageContaining(
                "there is no folder " + folder.resolve("none"));
    }

    @Test
    void aPathIsAtMost107BytesLong() throws Exception {
        String name = "x".repeat(107 - folder.toString().length() - 1);
        unix(folder.resolve(name));
        // The JDK's own clients reach one byte less; those of the system reach it.
        assertThat(folder.resolve(name)).exists();
        assertThatThrownBy(() -> unix(folder.resolve(name + "x"))).isInstanceOf(IOException.class)
                .hasMessageContaining("has 108 bytes").hasMessageContaining("107");
    }

    @Test
    void aSocketFileThatHasBecomeAnothersIsNotRemoved() throws Exception {
        Path path = folder.resolve("bob.9p");
        LocalListener first = unix(path);
        Files.delete(path);
        LocalListener second = unix(path);
        first.close();
        Client.attached(second.address()).close();
    }

    @Test
    void aClientIsServedOverTcpOfTheLoopback() throws Exception {
        LocalListener listener = LocalListener.tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), loop,
                role);
        listeners.add(listener);
        Client.attached(listener.address()).close();
    }

    @Test
    void anAddressThatOthersCanReachIsRefused() {
        for (String host : new String[]{"0.0.0.0", "::", "192.0.2.1"}) {
            assertThatThrownBy(() -> LocalListener.tcp(new InetSocketAddress(host, 0), loop, role)).isInstanceOf(
                    IOException.class).hasMessageContaining("can be reached from other machines")
                    .hasMessageNotContaining("/");
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocketChannel taken = ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0))) {
            var address = (InetSocketAddress) taken.getLocalAddress();
            assertThatThrownBy(() -> LocalListener.tcp(address, loop, role)).isInstanceOf(IOException.class)
                    .hasMessageContaining(String.format(Locale.ROOT, "%d", address.getPort()))
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void clientsBeyondTheLimitAreTurnedAway() throws Exception {
        ClientLimits standard = ClientLimits.standard();
        ClientRole two = new ClientRole("bob", loop, new ClientLimits(standard.linkWait(), standard.closeGrace(), 2,
                standard.requests(), standard.fids(), standard.queueBytes(), standard.replyBytes(),
                standard.conversationBytes(), standard.cleanups()));
        LocalListener listener = LocalListener.unix(folder.resolve("two.9p"), loop, two);
        listeners.add(listener);
        try (Client one = new Client(listener.address()); Client another = new Client(listener.address())) {
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(onLoop(two::localClients)).isEqualTo(2));
            try (Client third = new Client(listener.address())) {
                assertThat(third.socket.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            one.send(Frame.NOTAG, new Tclunk(0));
            assertThat(one.receive().tag()).isEqualTo(Frame.NOTAG);
            assertThat(another.socket.isConnected()).isTrue();
        }
    }
}
