package dev.ninetunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.ScriptedPeer;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File operations on a small server in the same process, which misbehaves where a test wants it to. */
@DisplayName("remote files")
class RemoteFilesTest {
    private static final int MSIZE = 4096;
    private static final int CHUNK = MSIZE - 24;

    @TempDir
    Path room;
    private TinyServer server;
    private ScriptedPeer listener;
    private RemoteFiles files;

    void serve(Dialect dialect) throws IOException {
        server = new TinyServer(dialect);
        listener = ScriptedPeer.listen(room.resolve("s")).answer(server);
        files = RemoteFiles.connect(listener.address(), Offer.any().withMsize(MSIZE),
                new Login(Text.of("u"), 7, 8, Text.of("tree")));
    }

    @AfterEach
    void leaveNoFidBehind() {
        if (server.fids.size() > 1) {
            Awaitility.await("every fid but the root's is clunked").pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2)).atMost(Duration.ofMinutes(2))
                    .until(() -> server.fids.size() <= 1);
        }
        files.close();
        listener.close();
        assertThat(server.fids).isEmpty();
    }

    private static RemotePath at(String path) {
        return RemotePath.of(path);
    }

    private static byte[] random(int bytes) {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        return data;
    }

    private byte[] read(String path) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        files.read(at(path), bytes, Progress.NONE);
        return bytes.toByteArray();
    }

    private void write(String path, byte[] bytes) throws IOException {
        files.write(at(path), new ByteArrayInputStream(bytes), 0600, bytes.length, Progress.NONE);
    }

    /** What holds in both dialects. */
    abstract class InAnyDialect {
        @ParameterizedTest
        @ValueSource(ints = {Integer.MAX_VALUE, 1000, CHUNK - 1, 1})
        void aFileIsReadWholeHoweverLittleTheServerGivesAtOnce(int mostAtOnce) throws IOException {
            server.mostAtOnce = mostAtOnce;
            int largest = mostAtOnce == 1 ? 300 : 20 * CHUNK + 5;
            for (int size : new int[]{0, 1, CHUNK, 8 * CHUNK + 1, largest}) {
                byte[] data = random(Math.min(size, largest));
                server.put("f", TinyServer.file(data));
                assertThat(read("f")).isEqualTo(data);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {Integer.MAX_VALUE, 1000, CHUNK - 1})
        void aFileIsWrittenWholeHoweverLittleTheServerTakesAtOnce(int mostAtOnce) throws IOException {
            server.mostAtOnce = mostAtOnce;
            server.put("f", TinyServer.file(random(100_000)));
            for (int size : new int[]{0, 1, CHUNK, 8 * CHUNK + 1, 20 * CHUNK + 5}) {
                write("f", random(size));
                assertThat(server.root.children.get(Text.of("f")).bytes).isEqualTo(random(size));
                write("new" + size, random(size));
                assertThat(server.root.children.get(Text.of("new" + size)).bytes).isEqualTo(random(size));
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 10, 5 * CHUNK, 10 * CHUNK, 100 * CHUNK})
        void aFileWhoseSizeIsToldWrongIsReadToItsEnd(long told) throws IOException {
            server.put("f", TinyServer.file(random(5 * CHUNK))).told = told;
            assertThat(read("f")).isEqualTo(random(5 * CHUNK));
        }

        @Test
        void progressIsTold() throws IOException {
            server.put("f", TinyServer.file(random(3 * CHUNK)));
            List<Long> told = new ArrayList<>();
            files.read(at("f"), OutputStream.nullOutputStream(), (bytes, total) -> {
                told.add(bytes);
                assertThat(total).isEqualTo(3L * CHUNK);
            });
            assertThat(told).containsExactly((long) CHUNK, 2L * CHUNK, 3L * CHUNK);
        }

        @Test
        void aDirectoryOfManyEntriesIsListedWhole() throws IOException {
            List<Text> names = IntStream.range(0, 1500).mapToObj(i -> Text.of("entry" + i)).sorted().toList();
            names.forEach(name -> server.root.children.put(name, TinyServer.file(new byte[name.length()])));
            List<RemoteEntry> entries = files.list(RemotePath.ROOT);
            assertThat(entries).extracting(RemoteEntry::name).isEqualTo(names);
            assertThat(files.statuses(RemotePath.ROOT, entries)).extracting(status -> status.orElseThrow().size())
                    .isEqualTo(names.stream().map(name -> (long) name.length()).toList());
        }

        @Test
        void anEntryThatIsGoneHasNoStatus() throws IOException {
            server.put("here", TinyServer.directory());
            assertThat(files.statuses(RemotePath.ROOT, Stream.of("gone", "here", "too")
                    .map(name -> new RemoteEntry(Text.of(name), FileKind.FILE)).toList()))
                    .extracting(Optional::isPresent).containsExactly(false, true, false);
        }

        @Test
        void errorsNameTheFileAndSayWhatTheServerSaid() throws IOException {
            server.put("d", TinyServer.directory()).children.put(Text.of("f"), TinyServer.file(random(1)));
            assertThatThrownBy(() -> files.status(at("d/no"))).isInstanceOf(RefusedException.class)
                    .hasMessage("d/no: No such file or directory");
            assertThatThrownBy(() -> files.status(at("d/f/x"))).hasMessage("d/f/x: Not a directory");
            assertThatThrownBy(() -> files.list(at("d/f"))).hasMessage("d/f: Not a directory");
            assertThatThrownBy(() -> read("d")).hasMessage("d: Is a directory");
            assertThatThrownBy(() -> write("d", random(1))).hasMessage("d: Is a directory");
            assertThatThrownBy(() -> files.remove(at("d"))).hasMessage("d: Directory not empty");
            assertThatThrownBy(() -> files.remove(RemotePath.ROOT)).hasMessage("/: Device or resource busy");
            assertThatThrownBy(() -> write("no/f", random(1))).hasMessage("no/f: No such file or directory");
            assertThatThrownBy(() -> files.status(at("es\u001bc"))).hasMessageStartingWith("es\\x1bc: ");
        }

        @Test
        void aTreeIsRemovedWhole() throws IOException {
            var node = server.put("t", TinyServer.directory());
            for (int i = 0; i < 50; i++) {
                node.children.put(Text.of("f"), TinyServer.file(random(1)));
                node.children.put(Text.of("d"), TinyServer.directory());
                node = node.children.get(Text.of("d"));
            }
            files.removeTree(at("t"));
            assertThat(server.root.children).isEmpty();
        }

        @Test
        void whatCannotBeRemovedWithinATreeIsNamed() {
            server.put("t", TinyServer.directory()).children.put(Text.of("f"), TinyServer.file(random(1)));
            server.before = request -> {
                if (request instanceof Tremove t) {
                    server.fids.remove(t.fid());
                    return new Rlerror(Errno.EPERM.number());
                }
                return null;
            };
            assertThatThrownBy(() -> files.removeTree(at("t"))).hasMessage("t/f: Operation not permitted");
        }

        @Test
        void aSinkThatFailsEndsTheReadingAndNothingElse() throws IOException {
            server.put("f", TinyServer.file(random(50 * CHUNK)));
            OutputStream full = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("no space left");
                }
            };
            assertThatThrownBy(() -> files.read(at("f"), full, Progress.NONE)).hasMessage("no space left");
            assertThat(read("f")).hasSize(50 * CHUNK);
        }

        @Test
        void anErrorInTheMiddleOfAFileEndsTheTransferWithThatError() {
            server.put("f", TinyServer.file(random(50 * CHUNK)));
            server.before = request -> {
                long offset = switch (request) {
                    case Tread read -> read.offset();
                    case Twrite write -> write.offset();
                    default -> 0;
                };
                return offset == 10L * CHUNK ? new Rlerror(Errno.EIO.number()) : null;
            };
            assertThatThrownBy(() -> read("f")).hasMessage("f: Input/output error");
            assertThatThrownBy(() -> write("g", random(50 * CHUNK))).hasMessage("g: Input/output error");
        }

        @Test
        void anErrorThatShowsOnlyWhenTheFileIsClosedIsReported() {
            server.put("f", TinyServer.file(random(1)));
            server.before = request -> {
                if (request instanceof Tclunk clunk) {
                    server.fids.remove(clunk.fid());
                    return new Rlerror(Errno.EDQUOT.number());
                }
                return null;
            };
            assertThatThrownBy(() -> write("f", random(1))).hasMessage("f: Disk quota exceeded");
        }

        @Test
        void aServerThatTakesNothingMoreIsAnError() {
            server.put("f", TinyServer.file(random(1)));
            server.mostAtOnce = 0;
            assertThatThrownBy(() -> write("f", random(1))).hasMessage("f: the server writes nothing more");
        }
    }

    @Nested
    @DisplayName("in 9P2000.L")
    class InLinux extends InAnyDialect {
        @BeforeEach
        void serveLinux() throws IOException {
            serve(Dialect.LINUX);
        }

        @ParameterizedTest
        @ValueSource(strings = {"../x", "a/b", "/", "", "a\u0000b", "/etc/passwd"})
        void anEntryThatNoFileCanHaveEndsTheListing(String name) {
            answerReaddir(Unpooled.buffer(), new DirectoryEntry(new Qid(0, 0, 1), 1, 8, Text.of(name)));
            assertThatThrownBy(() -> files.list(RemotePath.ROOT)).isInstanceOf(ConversationException.class)
                    .hasMessageContaining("which no file can be called");
        }

        @Test
        void theDotsAreNotAmongTheEntries() throws IOException {
            answerReaddir(Unpooled.buffer(), new DirectoryEntry(new Qid(0x80, 0, 1), 1, 4, Text.of(".")),
                    new DirectoryEntry(new Qid(0x80, 0, 1), 2, 4, Text.of("..")),
                    new DirectoryEntry(new Qid(0x80, 0, 1), 3, 4, Text.of("...")));
            assertThat(files.list(RemotePath.ROOT))
                    .containsExactly(new RemoteEntry(Text.of("..."), FileKind.DIRECTORY));
        }

        @Test
        void anEntryThatIsCutEndsTheListing() {
            ByteBuf data = Unpooled.buffer();
            new DirectoryEntry(new Qid(0, 0, 1), 1, 8, Text.of("a")).write(data);
            data.writeBytes(data.copy(0, data.readableBytes() - 1));
            answerReaddir(data);
            assertThatThrownBy(() -> files.list(RemotePath.ROOT)).isInstanceOf(ConversationException.class)
                    .hasMessageContaining("broke the protocol");
        }

        private void answerReaddir(ByteBuf data, DirectoryEntry... entries) {
            for (DirectoryEntry entry : entries) {
                entry.write(data);
            }
            server.before = request -> request instanceof Treaddir t
                    ? new Rreaddir(t.offset() == 0 ? data : Unpooled.EMPTY_BUFFER)
                    : null;
        }

        @Test
        void theUsersNumberIsSent() throws IOException {
            AtomicReference<Tmessage> attach = new AtomicReference<>();
            server.before = request -> remember(attach, request);
            RemoteFiles.connect(listener.address(), Offer.any(), new Login(Text.of("u"), 7, 8, Text.of("t"))).close();
            assertThat(((Tattach) attach.get()).nuname()).hasValue(7);
        }

        @Test
        void timesAndSizesThatMakeNoSenseDoNoHarm() throws IOException {
            server.put("f", TinyServer.file(random(1))).told = Long.MIN_VALUE;
            assertThat(files.status(at("f")).size()).isNotNegative();
        }
    }

    @Nested
    @DisplayName("in 9P2000")
    class InPlain extends InAnyDialect {
        @BeforeEach
        void servePlain() throws IOException {
            serve(Dialect.PLAIN);
        }

        @Test
        void namesOfUsersAreTheServersAndTheUsersNumberIsNotSent() throws IOException {
            assertThat(files.status(RemotePath.ROOT).owner()).isEqualTo(Text.of("glenda"));
            AtomicReference<Tmessage> attach = new AtomicReference<>();
            server.before = request -> remember(attach, request);
            RemoteFiles.connect(listener.address(), Offer.any(), new Login(Text.of("u"), 7, 8, Text.of("t"))).close();
            assertThat(((Tattach) attach.get()).nuname()).isEmpty();
        }

        @Test
        void aDirectoryIsMadeAndAFileRenamedInItsDirectory() throws IOException {
            files.makeDirectory(at("d"), 0755);
            assertThat(files.status(at("d")).kind()).isEqualTo(FileKind.DIRECTORY);
            write("d/f", random(3));
            files.rename(at("d/f"), at("d/g"));
            assertThat(read("d/g")).isEqualTo(random(3));
            assertThatThrownBy(() -> files.rename(at("d/g"), at("g"))).isInstanceOf(RefusedException.class)
                    .hasMessage("d/g: 9P2000 renames within a directory only");
        }

        @Test
        void thereAreNoLinks() {
            assertThatThrownBy(() -> files.makeLink(at("l"), Text.of("x"))).isInstanceOf(RefusedException.class)
                    .hasMessage("l: 9P2000 has no symbolic links");
        }

        @ParameterizedTest
        @ValueSource(strings = {"../x", "..", ".", "", "a/b"})
        void anEntryThatNoFileCanHaveEndsTheListing(String name) {
            ByteBuf data = Unpooled.buffer();
            new Stat(0, 0, new Qid(0, 0, 1), 0x1a4, 0, 0, 0, Text.of(name), Text.EMPTY, Text.EMPTY, Text.EMPTY,
                    Optional.empty()).write(data);
            server.before = request -> request instanceof Tread ? new Rread(data) : null;
            assertThatThrownBy(() -> files.list(RemotePath.ROOT)).isInstanceOf(ConversationException.class)
                    .hasMessageContaining("which no file can be called");
        }
    }

    private static Rmessage remember(AtomicReference<Tmessage> attach, Tmessage request) {
        if (request instanceof Tattach) {
            attach.set(request);
        }
        return null;
    }
}
