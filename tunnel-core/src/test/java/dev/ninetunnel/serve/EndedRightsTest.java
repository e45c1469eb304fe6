package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.SpeakFor;
import dev.ninetunnel.export.TreeCache;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrcreate;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a peer holds when its rights end: a row for each thing that can be held. */
class EndedRightsTest {
    private static final Path PROGRAM = Path.of("/bin/true");
    private static final int READ_LOCK = 0;
    private static final int WRITE_LOCK = 1;
    private static final int READ_WRITE = 2;
    private static final int ORCLOSE = 0x40;
    private static final int DMEXCL = 0x2000_0000;

    @TempDir
    private Path dir;

    private FarSide far;
    private FarSide other;

    /** How rights end altogether. */
    enum End {
        /** The export is not there any more. */
        WITHDRAWN,
        /** It is there, but not for this user. */
        NOT_SPOKEN_FOR;

        List<Export> exports(Path dir) {
            return this == WITHDRAWN
                    ? List.of()
                    : List.of(export(dir, ExportOptions.ALL.withSpeakFor(SpeakFor.of(List.of("somebody-else")))));
        }
    }

    private static Export export(Path dir, ExportOptions options) {
        return new Export("files", new Export.Target.Directory(dir, options));
    }

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "there is no " + PROGRAM);
        Files.copy(PROGRAM, dir.resolve("f"));
        assertThat(dir.resolve("f").toFile().setExecutable(true)).isTrue();
        far = FarSide.ours(dir);
        other = FarSide.ours(dir);
        for (FarSide each : new FarSide[]{far, other}) {
            each.attach(0, "files");
            each.attachPlain(20, "files");
            each.walk(0, 1, "f");
        }
    }

    @AfterEach
    void close() {
        far.close();
        other.close();
    }

    private void change(ExportOptions options) throws IOException {
        far.exports.change(List.of(export(dir, options))).apply();
    }

    private static Tlock lock(int fid, int kind, long start) {
        return new Tlock(fid, kind, 0, start, 10, 7, Text.of("h"));
    }

    private boolean runs() throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(dir.resolve("f").toString()).start();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return process.exitValue() == 0;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Text file busy");
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @DisplayName("S25 locks and open files end with the right to them, and their fids are still there to be clunked")
    void openFile(End end) throws Exception {
        far.ask(Rlopen.class, new Tlopen(1, READ_WRITE));
        other.ask(Rlopen.class, new Tlopen(1, 0));
        assertThat(far.ask(lock(1, WRITE_LOCK, 0))).isEqualTo(new Rlock(0));
        assertThat(other.ask(lock(1, READ_LOCK, 0))).as("while that right holds").isEqualTo(new Rlock(1));
        assertThat(runs()).as("while it is open for writing").isFalse();
        far.exports.change(end.exports(dir)).apply();
        assertThat(runs()).isTrue();
        assertThat(other.ask(lock(1, READ_LOCK, 0))).isEqualTo(new Rlock(0));
        assertThat(far.errno(lock(1, READ_LOCK, 0)))
                .isEqualTo((end == End.WITHDRAWN ? Errno.ESTALE : Errno.EPERM).number());
        assertThat(far.ask(new Tclunk(1))).isEqualTo(new Rclunk());
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @DisplayName("S25 the exclusive use of a file ends with the right to the file")
    void exclusive(End end) throws Exception {
        // What 9P2000 remembers of a file is common to all who are served from one ground.
        try (TreeCache treeCache = new TreeCache(new dev.ninetunnel.fs.local.LocalTrees())) {
            Exports one = new Exports(List.of(export(dir, ExportOptions.ALL)), treeCache);
            Exports two = new Exports(List.of(export(dir, ExportOptions.ALL)), treeCache);
            try (FarSide holder = FarSide.of(one); FarSide waiter = FarSide.of(two)) {
                holder.attachPlain(20, "files");
                holder.walk(20, 21);
                holder.ask(new Tcreate(21, Text.of("x"), DMEXCL | 0644, READ_WRITE, Optional.empty()));
                waiter.attachPlain(20, "files");
                waiter.walk(20, 21, "x");
                assertThat(waiter.words(new Topen(21, 0))).isNotEmpty();
                one.change(end.exports(dir)).apply();
                waiter.ask(Ropen.class, new Topen(21, 0));
                holder.ask(new Tclunk(21));
                waiter.walk(20, 22, "x");
                assertThat(waiter.words(new Topen(22, 0))).as("it is the waiter's now").isNotEmpty();
            }
        }
    }

    @Test
    @DisplayName("S25 where access becomes ro, locks for writing end, those for reading stay, and no file is open for writing")
    void readOnly() throws Exception {
        far.ask(Rlopen.class, new Tlopen(1, READ_WRITE));
        other.ask(Rlopen.class, new Tlopen(1, READ_WRITE));
        assertThat(far.ask(lock(1, WRITE_LOCK, 0))).isEqualTo(new Rlock(0));
        assertThat(far.ask(lock(1, READ_LOCK, 50))).isEqualTo(new Rlock(0));
        change(ExportOptions.ALL.withReadOnly(true));
        assertThat(other.ask(lock(1, WRITE_LOCK, 0))).as("where it was locked for writing").isEqualTo(new Rlock(0));
        assertThat(other.ask(lock(1, WRITE_LOCK, 50))).as("where it is locked for reading").isEqualTo(new Rlock(1));
        other.ask(new Tclunk(1));
        assertThat(runs()).isTrue();
        assertThat(far.ask(Rread.class, new Tread(1, 0, 4)).data().toString(UTF_8)).isEqualTo("\u007fELF");
        assertThat(far.errno(write(1))).isEqualTo(Errno.EROFS.number());
        change(ExportOptions.ALL);
        assertThat(far.errno(write(1))).as("it has to be opened anew").isEqualTo(Errno.EBADF.number());
        assertThat(far.ask(lock(1, READ_LOCK, 50))).isEqualTo(new Rlock(0));
    }

    private static Twrite write(int fid) {
        return new Twrite(fid, 0, Unpooled.copiedBuffer("v", UTF_8));
    }

    private void beginAttribute() {
        far.ask(Rxattrcreate.class, new Txattrcreate(1, Text.of("user.x"), 1, 0));
        far.ask(Rwrite.class, write(1));
    }

    private void noAttribute() {
        other.walk(0, 3, "f");
        int errno = other.errno(new Txattrwalk(3, 4, Text.of("user.x")));
        assertThat(errno).isEqualTo(Errno.ENODATA.number());
    }

    /** Changes after which an attribute is not to be set. */
    enum Loss {
        READ_ONLY, NO_ATTRIBUTES;

        ExportOptions options() {
            return this == READ_ONLY ? ExportOptions.ALL.withReadOnly(true) : ExportOptions.ALL.withoutAttributes();
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    @DisplayName("S25 an attribute that was begun before the right to it ended is not set at its clunk")
    void attribute(Loss loss) throws Exception {
        beginAttribute();
        change(loss.options());
        assertThat(far.errno(new Tclunk(1)))
                .isEqualTo((loss == Loss.READ_ONLY ? Errno.EROFS : Errno.EOPNOTSUPP).number());
        noAttribute();
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    @DisplayName("S25 nor if the right has come back meanwhile: what has ended has to be begun anew")
    void attributeAgain(Loss loss) throws Exception {
        beginAttribute();
        change(loss.options());
        change(ExportOptions.ALL);
        assertThat(far.errno(new Tclunk(1))).isEqualTo(Errno.ESTALE.number());
        noAttribute();
    }

    @Test
    @DisplayName("S25 an attribute that was begun is set after changes that do not concern it")
    void attributeStays() throws Exception {
        beginAttribute();
        change(ExportOptions.ALL.withoutDevices());
        Rmessage clunked = far.ask(new Tclunk(1));
        assertThat(clunked).isEqualTo(new Rclunk());
    }

    @Test
    @DisplayName("S25 a file that was to be removed at its clunk stays where access was ro meanwhile")
    void removeOnClose() throws Exception {
        assertThat(far.walk(20, 21, "f")).isInstanceOf(Rwalk.class);
        far.ask(Ropen.class, new Topen(21, ORCLOSE));
        change(ExportOptions.ALL.withReadOnly(true));
        change(ExportOptions.ALL);
        assertThat(far.ask(new Tclunk(21))).isEqualTo(new Rclunk());
        assertThat(dir.resolve("f")).exists();
    }
}
