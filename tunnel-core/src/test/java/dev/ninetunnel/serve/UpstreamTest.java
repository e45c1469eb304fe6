package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.endpoint.Granted;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rauth;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are passed on: to a server that does what the test says, and to Debian's diod. */
@Timeout(300)
class UpstreamTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Qid ROOT = new Qid(Qid.DIRECTORY, 0, 7);

    @TempDir
    Path dir;

    private final EventLoop loop = Transport.newLoops(1).next();
    private final Workers workers = new Workers(2);
    private ServerSocket listening;

    @BeforeEach
    void listen() throws IOException {
        listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        listening.close();
        loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        workers.close();
    }

    private Export.Address address() {
        return new Export.Address.Tcp(
                InetSocketAddress.createUnresolved("127.0.0.1", listening.getLocalPort()));
    }

    /** A far side whose replies come in their own time. */
    private final class Far implements AutoCloseable {
        final Exports exports;
        final ServerRole role;
        final ConcurrentHashMap<Integer, CompletableFuture<Rmessage>> waiting = new ConcurrentHashMap<>();
        int nextTag = 1000;

        Far(Export... exported) throws IOException {
            exports = new Exports(List.of(exported), new LocalTrees());
            role = new ServerRole(loop, exports, workers, ServerLimits.STANDARD, new ServerRole.Peer("test", true),
                    this::replied, new FarSide.Valve());
        }

        private void replied(ByteBuf frame) {
            ByteBuf copy = Unpooled.copiedBuffer(frame);
            frame.release();
            CompletableFuture<Rmessage> waits = waiting.remove(Frame.tag(copy));
            assertThat(waits).isNotNull();
            waits.complete(Rmessage.read(copy));
        }

        CompletableFuture<Rmessage> send(int tag, Tmessage message) {
            CompletableFuture<Rmessage> reply = new CompletableFuture<>();
            waiting.put(tag, reply);
            ByteBuf frame = Unpooled.buffer();
            message.write(frame, tag);
            loop.execute(() -> role.accept(frame));
            return reply;
        }

        Rmessage ask(Tmessage message) {
            return send(nextTag++, message).orTimeout(2, TimeUnit.MINUTES).join();
        }

        Rmessage attach(int fid, String aname) {
            return ask(new Tattach(fid, Frame.NOFID, Text.of("root"), Text.of(aname), OptionalInt.of(0)));
        }

        void hello() {
            ask(new Tversion(65536, Text.of("9P2000.L")));
        }

        @Override
        public void close() {
            loop.submit(role::close).syncUninterruptibly();
            exports.close();
        }
    }

    /** The upstream server's end of a connection. */
    private static final class Upstream implements AutoCloseable {
        final Socket socket;
        final DataInputStream in;
        int lastTag;

        Upstream(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
        }

        Tmessage receive() throws IOException {
            byte[] size = in.readNBytes(4);
            byte[] rest = in.readNBytes(Unpooled.wrappedBuffer(size).readIntLE() - 4);
            ByteBuf frame = Unpooled.wrappedBuffer(size, rest);
            lastTag = Frame.tag(frame);
            return Tmessage.read(frame);
        }

        void reply(Rmessage message) throws IOException {
            reply(lastTag, message);
        }

        void reply(int tag, Rmessage message) throws IOException {
            ByteBuf frame = Unpooled.buffer();
            message.write(frame, tag);
            socket.getOutputStream().write(frame.array(), 0, frame.readableBytes());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Upstream accept(int msize) throws IOException {
        Upstream up = new Upstream(listening.accept());
        Tversion hello = (Tversion) up.receive();
        up.reply(new Rversion(msize, hello.version()));
        return up;
    }

    @Test
    @DisplayName("S25 a server that is still exported under another name is not left")
    void withdrawnByHalf() throws IOException {
        try (Far far = new Far(upstream("one", address()), upstream("two", address()))) {
            far.hello();
            CompletableFuture<Rmessage> first = far.send(900, attach(3, "one"));
            try (Upstream up = accept(65536)) {
                up.receive();
                up.reply(new Rattach(ROOT));
                assertThat(first.join()).isEqualTo(new Rattach(ROOT));
                CompletableFuture<Rmessage> second = far.send(901, attach(4, "two"));
                up.receive();
                up.reply(new Rattach(ROOT));
                assertThat(second.join()).isEqualTo(new Rattach(ROOT));
                far.exports.change(List.of(upstream("two", address()))).apply();
                assertThat(far.ask(new Tgetattr(3, 0))).isEqualTo(new Rlerror(116));
                CompletableFuture<Rmessage> clunking = far.send(902, new Tclunk(4));
                assertThat(up.receive()).isEqualTo(new Tclunk(4));
                up.reply(new Rclunk());
                assertThat(clunking.join()).isEqualTo(new Rclunk());
            }
        }
    }

    @Test
    @DisplayName("S26 a flood of attaches to a server that is not there leaves a few lines in the log, and the count of the rest")
    void flood() throws IOException {
        Export.Address nowhere = new Export.Address.Unix(dir.resolve("nobody"));
        try (Far far = new Far(upstream("", nowhere)); Logged logged = new Logged()) {
            far.hello();
            for (int i = 0; i < 200; i++) {
                assertThat(far.attach(3, "")).isInstanceOf(Rlerror.class);
            }
            assertThat(logged.warnings()).hasSizeBetween(1, 40);
        }
    }

    private static Tattach attach(int fid, String aname) {
        return new Tattach(fid, Frame.NOFID, Text.of("u"), Text.of(aname), OptionalInt.of(5));
    }

    private static Export upstream(String name, Export.Address address) {
        return new Export(name, new Export.Target.Upstream(address));
    }

    private Upstream attached(Far far, int fid, int msize) throws IOException {
        CompletableFuture<Rmessage> attaching = far.send(900,
                new Tattach(fid, Frame.NOFID, Text.of("u"), Text.of("/any"), OptionalInt.of(5)));
        Upstream up = accept(msize);
        assertThat(up.receive())
                .isEqualTo(new Tattach(fid, Frame.NOFID, Text.of("u"), Text.of("/any"), OptionalInt.of(5)));
        up.reply(new Rattach(ROOT));
        assertThat(attaching.join()).isEqualTo(new Rattach(ROOT));
        return up;
    }

    @Test
    @DisplayName("a server that is exported further is not sent what is of leases")
    void noLeases() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            loop.submit(() -> far.role.takeRecalls((lease, lost, givenUp) -> givenUp.run())).syncUninterruptibly();
            try (Upstream up = attached(far, 3, 65536)) {
                assertThat(far.ask(new Tlist(3, Text.EMPTY, 0, 4096, 0, List.of()))).isEqualTo(new Rlerror(95));
                far.send(18, new Tgetattr(3, 0));
                assertThat(up.receive()).isEqualTo(new Tgetattr(3, 0));
            }
        }
    }

    @Test
    @DisplayName("requests go through with their tags and fids, replies come back, a partial walk makes no fid")
    void passesOn() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            try (Upstream up = attached(far, 3, 65536)) {
                CompletableFuture<Rmessage> walking = far.send(17,
                        new Twalk(3, 4, List.of(Text.of("a"), Text.of("b"))));
                assertThat(up.receive()).isEqualTo(new Twalk(3, 4, List.of(Text.of("a"), Text.of("b"))));
                assertThat(up.lastTag).isEqualTo(17);
                up.reply(new Rwalk(List.of(ROOT)));
                assertThat(walking.join()).isEqualTo(new Rwalk(List.of(ROOT)));
                assertThat(far.ask(new Tgetattr(4, 0))).isEqualTo(new Rlerror(9));
                CompletableFuture<Rmessage> clunking = far.send(18, new Tclunk(3));
                up.receive();
                up.reply(new Rlerror(5));
                assertThat(clunking.join()).isEqualTo(new Rlerror(5));
                assertThat(far.ask(new Tclunk(3))).isEqualTo(new Rlerror(9));
            }
        }
    }

    @Test
    @DisplayName("Tauth passes through, its afid is read and written, and Tattach takes it")
    void auth() throws IOException {
        try (Far far = new Far(upstream("srv", address()))) {
            far.hello();
            CompletableFuture<Rmessage> authing = far.send(1,
                    new Tauth(8, Text.of("u"), Text.of("srv/x"), OptionalInt.of(5)));
            try (Upstream up = accept(65536)) {
                assertThat(up.receive()).isEqualTo(new Tauth(8, Text.of("u"), Text.of("x"), OptionalInt.of(5)));
                up.reply(new Rauth(ROOT));
                assertThat(authing.join()).isInstanceOf(Rauth.class);
                CompletableFuture<Rmessage> writing = far.send(2,
                        new Twrite(8, 0, Unpooled.copiedBuffer("proof", UTF_8)));
                assertThat(up.receive()).isInstanceOf(Twrite.class);
                up.reply(new Rwrite(5));
                assertThat(writing.join()).isEqualTo(new Rwrite(5));
                CompletableFuture<Rmessage> attaching = far.send(3,
                        new Tattach(9, 8, Text.of("u"), Text.of("srv"), OptionalInt.of(5)));
                assertThat(up.receive()).isEqualTo(new Tattach(9, 8, Text.of("u"), Text.EMPTY, OptionalInt.of(5)));
                up.reply(new Rattach(ROOT));
                assertThat(attaching.join()).isInstanceOf(Rattach.class);
            }
        }
    }

    @Test
    @DisplayName("where the server's msize is smaller, counts are cut to it and a Twrite to what fits")
    void smallerMsize() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            try (Upstream up = attached(far, 3, 4096)) {
                far.send(1, new Tread(3, 10, 60000));
                assertThat(up.receive()).isEqualTo(new Tread(3, 10, 4096 - 24));
                far.send(2, new Twrite(3, 0, Unpooled.buffer().writeZero(10000)));
                Twrite written = (Twrite) up.receive();
                assertThat(written.data().readableBytes()).isEqualTo(4096 - 24);
                Rmessage refused = far.ask(new Trenameat(3, Text.of("x".repeat(3000)), 3, Text.of("y".repeat(3000))));
                assertThat(refused).isEqualTo(new Rlerror(7));
            }
        }
    }

    @Test
    @DisplayName("Tflush passes through: what is cancelled makes no fid, what was answered does")
    void flush() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            try (Upstream up = attached(far, 3, 65536)) {
                CompletableFuture<Rmessage> first = far.send(1, new Twalk(3, 4, List.of()));
                up.receive();
                CompletableFuture<Rmessage> flushing = far.send(2, new Tflush(1));
                assertThat(up.receive()).isEqualTo(new Tflush(1));
                up.reply(2, new Rflush());
                assertThat(flushing.join()).isEqualTo(new Rflush());
                assertThat(first).isNotDone();
                CompletableFuture<Rmessage> second = far.send(1, new Twalk(3, 4, List.of()));
                up.receive();
                CompletableFuture<Rmessage> late = far.send(2, new Tflush(1));
                up.receive();
                up.reply(1, new Rwalk(List.of()));
                up.reply(2, new Rflush());
                assertThat(second.join()).isInstanceOf(Rwalk.class);
                assertThat(late.join()).isEqualTo(new Rflush());
                far.send(5, new Tgetattr(4, 0));
                assertThat(up.receive()).isEqualTo(new Tgetattr(4, 0));
            }
        }
    }

    @Test
    @DisplayName("when the server is lost what waits fails, its fids fail, clunks work, and an attach connects anew")
    void lost() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            CompletableFuture<Rmessage> pending;
            try (Upstream up = attached(far, 3, 65536)) {
                pending = far.send(1, new Tgetattr(3, 0));
                up.receive();
            }
            assertThat(pending.join()).isEqualTo(new Rlerror(5));
            assertThat(far.ask(new Tgetattr(3, 0))).isEqualTo(new Rlerror(5));
            assertThat(far.ask(new Tclunk(3))).isEqualTo(new Rclunk());
            attached(far, 3, 65536).close();
        }
    }

    @Test
    @DisplayName("L3 a server that answers what was not asked is hung up on")
    void wrongReply() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            try (Upstream up = attached(far, 3, 65536)) {
                CompletableFuture<Rmessage> pending = far.send(1, new Tgetattr(3, 0));
                up.receive();
                up.reply(77, new Rclunk());
                up.reply(new Rclunk());
                assertThat(pending.join()).isEqualTo(new Rlerror(5));
                assertThat(up.in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    @DisplayName("S3 a server that answers with more than was asked for is hung up on")
    void tooMuch() throws IOException {
        List<Tmessage> asked = List.of(new Tread(3, 0, 64), new Treaddir(3, 0, 64),
                new Twrite(3, 0, Unpooled.buffer().writeZero(64)), new Twalk(3, 4, List.of(Text.of("a"))));
        List<Rmessage> answered = List.of(new Rread(Unpooled.buffer().writeZero(65)),
                new Rreaddir(Unpooled.buffer().writeZero(65)), new Rwrite(65), new Rwalk(List.of(ROOT, ROOT)));
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            for (int i = 0; i < asked.size(); i++) {
                try (Upstream up = attached(far, 3, 65536)) {
                    CompletableFuture<Rmessage> pending = far.send(1, asked.get(i));
                    up.receive();
                    up.reply(answered.get(i));
                    assertThat(pending.join()).as("%s", asked.get(i)).isEqualTo(new Rlerror(5));
                    assertThat(up.in.read()).isEqualTo(-1);
                }
                assertThat(far.ask(new Tclunk(3))).isEqualTo(new Rclunk());
            }
        }
    }

    @Test
    @DisplayName("a request that has not left yet is dropped by its Tflush, which the server does not see")
    void flushedBeforeItLeaves() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            CompletableFuture<Rmessage> dropped = far.send(1, attach(3, "one"));
            try (Upstream up = new Upstream(listening.accept())) {
                Tversion hello = (Tversion) up.receive();
                assertThat(far.send(2, new Tflush(1)).join()).isEqualTo(new Rflush());
                CompletableFuture<Rmessage> kept = far.send(3, attach(3, "two"));
                up.reply(new Rversion(65536, hello.version()));
                assertThat(up.receive()).isEqualTo(attach(3, "two"));
                up.reply(new Rattach(ROOT));
                assertThat(kept.join()).isEqualTo(new Rattach(ROOT));
                assertThat(dropped).isNotDone();
            }
        }
    }

    @Test
    @DisplayName("what a server does not take waits in order, and holds up no other export")
    void slowToRead() throws IOException {
        int many = 300;
        try (Far far = new Far(upstream("up", address()),
                new Export("files", new Export.Target.Directory(dir, false)))) {
            far.hello();
            CompletableFuture<Rmessage> attaching = far.send(900, attach(3, "up"));
            try (Upstream up = accept(65536)) {
                up.receive();
                up.reply(new Rattach(ROOT));
                attaching.join();
                List<CompletableFuture<Rmessage>> writing = new ArrayList<>();
                for (int i = 0; i < many; i++) {
                    writing.add(far.send(i, new Twrite(3, i, Unpooled.buffer().writeZero(60000))));
                }
                assertThat(far.attach(4, "files")).isInstanceOf(Rattach.class);
                for (int i = 0; i < many; i++) {
                    assertThat(((Twrite) up.receive()).offset()).isEqualTo(i);
                    up.reply(new Rwrite(60000));
                }
                writing.forEach(reply -> assertThat(reply.join()).isEqualTo(new Rwrite(60000)));
            }
        }
    }

    @Test
    @DisplayName("a unix socket where many wait to be accepted is waited for")
    void busySocket() throws Exception {
        UnixDomainSocketAddress at = UnixDomainSocketAddress.of(dir.resolve("busy"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Far far = new Far(upstream("", new Export.Address.Unix(at.getPath())))) {
            server.bind(at, 1);
            SocketChannel first = SocketChannel.open(at);
            SocketChannel second = SocketChannel.open(at);
            far.hello();
            CompletableFuture<Rmessage> attaching = far.send(900, attach(3, "any"));
            for (int turns = 0; turns < 5; turns++) {
                loop.submit(() -> {}).sync();
            }
            assertThat(attaching).isNotDone();
            server.accept().close();
            server.accept().close();
            first.close();
            second.close();
            try (SocketChannel third = server.accept()) {
                assertThat(third.read(ByteBuffer.allocate(1))).as("a Tversion comes").isEqualTo(1);
            }
            assertThat(attaching.join()).isEqualTo(new Rlerror(111));
        }
    }

    @Test
    @DisplayName("a server that is not there, or speaks another dialect, is an error of the attach alone")
    void unreachable() throws IOException {
        try (Far far = new Far(upstream("up", address()), FarSide.directory("files", dir))) {
            far.hello();
            CompletableFuture<Rmessage> attaching = far.send(1,
                    new Tattach(3, Frame.NOFID, Text.of("u"), Text.of("up"), OptionalInt.empty()));
            try (Upstream up = new Upstream(listening.accept())) {
                assertThat(up.receive()).isEqualTo(new Tversion(65536, Text.of("9P2000")));
                up.reply(new Rversion(8192, Text.of("unknown")));
                assertThat(((Rerror) attaching.join()).ename().utf8()).isEqualTo("Connection refused");
            }
            listening.close();
            assertThat(far.attach(3, "up")).isEqualTo(new Rlerror(111));
            assertThat(far.attach(3, "files")).isInstanceOf(Rattach.class);
        }
    }

    @Test
    @DisplayName("the end of the conversation ends its connections, and a command that serves one")
    void ends() throws Exception {
        Path pid = dir.resolve("pid");
        Export.Address exec = new Export.Address.Exec("echo started >&2; echo $$ > '" + pid + "'; exec cat >/dev/null");
        try (Far far = new Far(upstream("", address()), upstream("exec", exec))) {
            far.hello();
            far.send(500, new Tattach(3, Frame.NOFID, Text.of("u"), Text.of("exec"), OptionalInt.of(5)));
            await().atMost(PATIENCE).until(() -> Files.exists(pid) && !Files.readString(pid).isBlank());
            try (Upstream up = attached(far, 4, 65536)) {
                loop.submit(far.role::close).syncUninterruptibly();
                assertThat(up.in.read()).isEqualTo(-1);
            }
        }
        long process = Long.parseLong(Files.readString(pid).strip());
        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.of(process).isEmpty() || !ProcessHandle.of(process).get().isAlive());
    }

    private static boolean hasDiod() {
        return Files.isExecutable(Path.of("/usr/sbin/diod"));
    }

    private void useFiles(Far far, String aname) throws IOException {
        far.hello();
        assertThat(far.attach(0, aname)).isInstanceOf(Rattach.class);
        far.ask(new Twalk(0, 1, List.of()));
        assertThat(far.ask(new Tlcreate(1, Text.of("f"), 2, 0644, 0))).isInstanceOf(Rlcreate.class);
        assertThat(far.ask(new Twrite(1, 0, Unpooled.copiedBuffer("through diod", UTF_8)))).isEqualTo(new Rwrite(12));
        assertThat(((Rread) far.ask(new Tread(1, 8, 100))).data().toString(UTF_8)).isEqualTo("diod");
        far.ask(new Tclunk(1));
        assertThat(dir.resolve("f")).hasContent("through diod");
        assertThat(((Rwalk) far.ask(new Twalk(0, 1, List.of(Text.of("f"))))).qids()).hasSize(1);
        assertThat(((Rgetattr) far.ask(new Tgetattr(1, 0x7ff))).size()).isEqualTo(12);
        assertThat(far.ask(new Tlopen(1, 0))).isInstanceOf(Rlopen.class);
        far.ask(new Tclunk(1));
    }

    @Test
    @DisplayName("diod, started as a command, serves through the tunnel")
    void diodAsCommand() throws IOException {
        assumeTrue(hasDiod(), "SKIPPED: diod is not installed (apt-get install diod)");
        Export.Address exec = new Export.Address.Exec(
                "exec /usr/sbin/diod -f -n -N -c /dev/null -e '" + dir + "' -r 0 -w 1 -L stderr");
        try (Far far = new Far(upstream("", exec))) {
            useFiles(far, dir.toString());
        }
    }

    @Test
    @DisplayName("diod on a unix socket serves through the tunnel")
    void diodOnSocket(@TempDir Path run) throws Exception {
        try (Diod diod = Diod.serve(dir, run);
                Far far = new Far(upstream("d", new Export.Address.Unix(diod.address().getPath())))) {
            useFiles(far, "d/" + diod.aname());
        }
    }

    @Test
    @DisplayName("S20 M5 a part of a server that is granted for reading only is kept so, and a refused remove ends the fid there too")
    void readOnlyPart() throws IOException {
        Grant grant = new Grant(Grant.Access.READ_ONLY, "pub", List.of("u"), Optional.empty());
        List<Export> all = List.of(upstream("up", address()));
        List<Export> granted = Granted.of(all, new Rights(Map.of("up", grant), Rights.Limits.STANDARD, true));
        try (Far far = new Far(granted.toArray(Export[]::new))) {
            far.hello();
            assertThat(far.ask(new Tattach(1, Frame.NOFID, Text.of("v"), Text.of("up"), OptionalInt.of(-1))))
                    .as("a foreign user").isEqualTo(new Rlerror(1));
            assertThat(far.ask(new Tattach(1, Frame.NOFID, Text.of("u"), Text.of("up/x/../.."), OptionalInt.of(-1))))
                    .as("out of the part").isEqualTo(new Rlerror(2));
            CompletableFuture<Rmessage> attaching = far.send(5,
                    new Tattach(1, Frame.NOFID, Text.of("u"), Text.of("up/x"), OptionalInt.of(-1)));
            try (Upstream up = accept(65536)) {
                assertThat(((Tattach) up.receive()).aname()).isEqualTo(Text.of("pub/x"));
                up.reply(new Rattach(ROOT));
                assertThat(attaching.join()).isEqualTo(new Rattach(ROOT));
                assertThat(far.ask(new Tlcreate(1, Text.of("n"), 1, 0644, 0))).isEqualTo(new Rlerror(30));
                assertThat(far.ask(new Tlopen(1, 2))).isEqualTo(new Rlerror(30));
                CompletableFuture<Rmessage> removing = far.send(6, new Tremove(1));
                assertThat(up.receive()).isEqualTo(new Tclunk(1));
                up.reply(new Rclunk());
                assertThat(removing.join()).isEqualTo(new Rlerror(30));
                assertThat(far.ask(new Tgetattr(1, 0))).as("the fid has ended").isEqualTo(new Rlerror(9));
            }
        }
    }

    @Test
    @DisplayName("S25 a server that is withdrawn is left, so that it drops what fids held there; they are stale, and can still be clunked")
    void withdrawn() throws IOException {
        try (Far far = new Far(upstream("", address()))) {
            far.hello();
            try (Upstream up = attached(far, 3, 65536)) {
                far.exports.change(List.of()).apply();
                assertThat(far.ask(new Tgetattr(3, 0))).isEqualTo(new Rlerror(116));
                assertThat(up.in.read()).as("the end of the connection").isEqualTo(-1);
                assertThat(far.ask(new Tclunk(3))).isEqualTo(new Rclunk());
            }
        }
    }
}
