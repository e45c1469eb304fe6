package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that is granted {@code public} holds fids there while somebody local moves things about. */
class MovedOutTest {
    private static final int TOP = 0;
    private static final int A = 1;
    private static final int B = 2;
    private static final int FILE = 3;
    private static final int LINK = 4;
    private static final int NEW = 9;
    private static final int READ_WRITE = 2;
    private static final Text NAME = Text.of("name");

    @TempDir
    Path exported;
    private FarSide far;

    @BeforeEach
    void attach() throws IOException {
        Files.createDirectories(exported.resolve("public/a/b"));
        Files.createDirectories(exported.resolve("private/secrets"));
        Files.writeString(exported.resolve("public/a/b/file"), "public");
        Files.createSymbolicLink(exported.resolve("public/a/b/link"), Path.of("file"));
        ExportOptions options = ExportOptions.ALL.withWithin(List.of(Text.of("public")))
                .withHidden(List.of(NamePattern.parse(".*")));
        far = new FarSide(true, ServerLimits.STANDARD,
                new Export("files", new Export.Target.Directory(exported, options)));
        far.version("9P2000.L");
        assertThat(far.attach(TOP, "")).isInstanceOf(Rattach.class);
        far.walk(TOP, A, "a");
        far.walk(TOP, B, "a", "b");
        far.walk(TOP, FILE, "a", "b", "file");
        far.walk(TOP, LINK, "a", "b", "link");
    }

    @AfterEach
    void close() {
        far.close();
    }

    private void move(String from, String to) throws IOException {
        Files.move(exported.resolve(from), exported.resolve(to));
    }

    private void isStale(Rmessage answer) {
        assertThat(answer).isEqualTo(new Rlerror(Errno.ESTALE.number()));
    }

    @Test
    @DisplayName("S22 .. does not lead out of a subtree, whatever has been moved out of it")
    void parent() throws IOException {
        move("public/a", "private/a");
        isStale(far.walk(B, NEW, ".."));
        isStale(far.walk(B, NEW, "..", ".."));
        isStale(far.walk(B, NEW, "..", "..", "secrets"));
        isStale(far.walk(A, NEW, ".."));
        isStale(far.walk(B, NEW, "file", "..", ".."));
        move("private/a", "public/c");
        assertThat(far.walk(B, NEW, "..", "..", "c", "b", "file")).isInstanceOf(Rwalk.class);
    }

    static Stream<Tmessage> requests() {
        return Stream.of(new Tlopen(FILE, 0), new Tlopen(B, 0), new Tlcreate(B, NAME, READ_WRITE, 0644, 0),
                new Tmkdir(B, NAME, 0755, 0), new Tsymlink(B, NAME, NAME, 0), new Tlink(B, FILE, NAME),
                new Tlink(TOP, FILE, NAME), new Trename(FILE, TOP, NAME), new Trename(FILE, B, NAME),
                new Trenameat(B, Text.of("file"), TOP, NAME), new Trenameat(TOP, Text.of("d"), B, NAME),
                new Tunlinkat(B, Text.of("file"), 0), new Tremove(FILE), new Treadlink(LINK),
                new Tsetattr(FILE, 1, 0600, 0, 0, 0, 0, 0, 0, 0), new Txattrwalk(FILE, NEW, Text.of("user.x")),
                new Twalk(B, NEW, List.of(Text.of("file"))), new Twalk(B, NEW, List.of(Text.of("missing"))));
    }

    @ParameterizedTest
    @MethodSource("requests")
    @DisplayName("S22 what has been moved out of a subtree can be neither used nor changed, nor be had back, nor be put into")
    void moved(Tmessage request) throws IOException {
        Files.createDirectory(exported.resolve("public/d"));
        move("public/a", "private/a");
        assertThat(far.errno(request)).isEqualTo(Errno.ESTALE.number());
        assertThat(exported.resolve("private/a/b").toFile().list()).containsExactlyInAnyOrder("file", "link");
        assertThat(exported.resolve("public").toFile().list()).containsExactly("d");
    }

    @ParameterizedTest
    @MethodSource("requests")
    @DisplayName("S22 the same of what has been moved out of the export")
    void movedOutOfTheExport(Tmessage request) throws IOException {
        Files.createDirectory(exported.resolve("public/d"));
        Path outside = exported.resolveSibling(exported.getFileName() + "-outside");
        Files.move(exported.resolve("public/a"), outside);
        try {
            assertThat(far.errno(request)).isEqualTo(Errno.ESTALE.number());
            assertThat(outside.resolve("b").toFile().list()).containsExactlyInAnyOrder("file", "link");
        } finally {
            Files.move(outside, exported.resolve("public/a"));
        }
    }

    @Test
    @DisplayName("S22 what is open goes on where it has been moved to, attributes can be had, and a clunk ends it")
    void open() throws IOException {
        far.ask(Rlopen.class, new Tlopen(FILE, READ_WRITE));
        far.ask(Rlopen.class, new Tlopen(B, 0));
        move("public/a", "private/a");
        assertThat(far.ask(Rread.class, new Tread(FILE, 0, 100)).data().readableBytes()).isEqualTo(6);
        assertThat(far.ask(new Treaddir(B, 0, 1000))).isInstanceOf(Rreaddir.class);
        assertThat(far.ask(new Tgetattr(A, 0x7ff))).isInstanceOf(Rgetattr.class);
        assertThat(far.errno(new Tsetattr(A, 1, 0700, 0, 0, 0, 0, 0, 0, 0))).isEqualTo(Errno.ESTALE.number());
        assertThat(far.ask(new Tsetattr(FILE, 8, 0, 0, 0, 3, 0, 0, 0, 0)))
                .isNotInstanceOf(Rlerror.class);
        isStale(far.walk(B, NEW, "file"));
        assertThat(far.ask(new Tclunk(FILE))).isInstanceOf(Rclunk.class);
        assertThat(far.ask(new Tclunk(B))).isInstanceOf(Rclunk.class);
    }

    @Test
    @DisplayName("S22 a subtree is the directory of that name: fids of one that was moved away are stale, and a new one is attached to")
    void subtreeMadeAgain() throws IOException {
        move("public", "archive");
        isStale(far.walk(A, NEW, "b"));
        isStale(far.walk(TOP, NEW, "a"));
        Files.createDirectories(exported.resolve("public/new"));
        isStale(far.walk(TOP, NEW, "a"));
        assertThat(far.attach(NEW, "")).isInstanceOf(Rattach.class);
        assertThat(far.walk(NEW, NEW + 1, "new")).isInstanceOf(Rwalk.class);
        assertThat(far.errno(new Trename(A, NEW, NAME))).isEqualTo(Errno.ESTALE.number());
    }

    @Test
    @DisplayName("S22 an attach below a subtree that has been moved out of it leads nowhere")
    void attachedBelow() throws IOException {
        assertThat(far.attach(NEW, "files/a")).isInstanceOf(Rattach.class);
        move("public/a", "private/a");
        isStale(far.walk(NEW, NEW + 1, "b"));
        isStale(far.walk(NEW, NEW + 1, "b", ".."));
    }

    @Test
    @DisplayName("S22 what has been moved below a hidden name is hidden")
    void hidden() throws IOException {
        move("public/a", "public/.a");
        isStale(far.walk(B, NEW, "file"));
        isStale(far.walk(B, NEW, ".."));
    }

    @Test
    @DisplayName("S22 a file that has been removed is not elsewhere: what is done by its fid still works")
    void removed() throws IOException {
        Files.createLink(exported.resolve("public/other"), exported.resolve("public/a/b/file"));
        Files.delete(exported.resolve("public/a/b/file"));
        assertThat(far.ask(new Tsetattr(FILE, 1, 0600, 0, 0, 0, 0, 0, 0, 0)))
                .isNotInstanceOf(Rlerror.class);
        assertThat(far.ask(new Tlopen(FILE, 0))).isInstanceOf(Rlopen.class);
    }

    @Test
    @DisplayName("S22 a subtree's top is listed as its own parent, so that not even the number of what is above it is shown")
    void listedParent() {
        far.ask(Rlopen.class, new Tlopen(TOP, 0));
        ByteBuf entries = far.ask(Rreaddir.class, new Treaddir(TOP, 0, 1000)).data();
        Set<Qid> dots = new HashSet<>();
        while (entries.isReadable()) {
            Qid qid = Qid.read(entries);
            entries.skipBytes(9);
            if (Text.read(entries).utf8().startsWith(".")) {
                dots.add(qid);
            }
        }
        assertThat(dots).hasSize(1);
    }
}
