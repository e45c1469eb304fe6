package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.testing.Allocated;
import dev.ninetunnel.testing.InMemory;
import dev.ninetunnel.testing.ManualLoop;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written on the event loop, since the file is in memory, and what is left to workers. */
class WriteAtOnceTest {
    private static final int BULK = 128 * 1024;
    private static final int WRITE = 1;
    private static final int READ_WRITE = 2;
    private static final int APPEND = 02000;
    private static final int DATA_SYNC = 010000;
    private static final int SYNC = 04000000;

    @TempDir(factory = InMemory.class)
    Path dir;

    @BeforeEach
    void makeFile() throws IOException {
        Files.writeString(dir.resolve("f"), "0123456789");
    }

    private static Twrite write(int fid, long offset, String text) {
        return new Twrite(fid, offset, Unpooled.copiedBuffer(text, UTF_8));
    }

    private FarSide open(int flags) throws IOException {
        return open(opened(FarSide.directory("files", dir)), flags);
    }

    private static FarSide opened(Export export) throws IOException {
        FarSide far = new FarSide(true, ServerLimits.STANDARD, export);
        far.version("9P2000.L");
        far.attach(0, "");
        return far;
    }

    /** The file as fid 1, while workers are held. */
    private static FarSide open(FarSide far, int flags) {
        far.walk(0, 1, "f");
        far.ask(Rlopen.class, new Tlopen(1, flags));
        far.answers.clear();
        far.holdWork();
        return far;
    }

    @Test
    @DisplayName("a file in memory is written while every worker is busy, and what is read then is what was written")
    void inMemory() throws IOException {
        try (FarSide far = open(READ_WRITE)) {
            far.send(1, write(1, 2, "abc"));
            far.send(2, write(1, 4, "xyz"));
            far.send(3, new Tread(1, 0, 100));
            far.send(4, write(1, 12, "end"));
            far.send(5, write(1, 0, ""));
            far.send(6, write(1, -1, "x"));
            far.send(7, write(1, Long.MAX_VALUE, "x"));
            assertThat(far.answers).map(FarSide.Answer::tag).containsExactly(1, 2, 3, 4, 5, 6, 7);
            assertThat(far.answers.get(0).message()).isEqualTo(new Rwrite(3));
            assertThat(((Rread) far.answers.get(2).message()).data().toString(UTF_8)).isEqualTo("01abxyz789");
            assertThat(far.answers.get(4).message()).isEqualTo(new Rwrite(0));
            assertThat(far.answers.get(5).message()).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            assertThat(far.answers.get(6).message()).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            far.send(8, new Tclunk(1));
            assertThat(far.answers).as("a clunk closes a file, which a worker does").hasSize(7);
            assertThat(dir.resolve("f")).hasContent("01abxyz789\0\0end");
        }
    }

    @Test
    @DisplayName("9P2000 writes to what is in memory at once too")
    void plain() throws IOException {
        try (FarSide far = FarSide.ours(dir)) {
            far.attachPlain(0, "");
            far.walk(0, 1, "f");
            far.ask(new Topen(1, WRITE));
            far.answers.clear();
            far.holdWork();
            far.send(1, write(1, 3, "abc"));
            assertThat(far.answers).hasSize(1).map(FarSide.Answer::message).containsExactly(new Rwrite(3));
        }
        assertThat(dir.resolve("f")).hasContent("012abc6789");
    }

    @ParameterizedTest
    @DisplayName("what was opened to append, to be on the disk when it is answered, or to be read only is not written at once")
    @ValueSource(ints = {WRITE | APPEND, WRITE | SYNC, WRITE | DATA_SYNC, 0})
    void left(int flags) throws IOException {
        try (FarSide far = open(flags)) {
            far.send(1, write(1, 0, "x"));
            assertThat(far.answers).isEmpty();
            far.doWork();
            assertThat(far.answers).hasSize(1);
            assertThat(far.answers.getFirst().message() instanceof Rwrite).isEqualTo(flags != 0);
        }
    }

    @Test
    @DisplayName("S15 qid.version changes with what is written at once")
    void version() throws IOException {
        try (FarSide far = open(WRITE)) {
            int before = far.ask(Rgetattr.class, new Tgetattr(1, 0x7ff)).qid().version();
            far.ask(Rwrite.class, write(1, 0, "x"));
            assertThat(far.ask(Rgetattr.class, new Tgetattr(1, 0x7ff)).qid().version()).isNotEqualTo(before);
        }
    }

    @Test
    @DisplayName("S20 what has become read-only since it was opened is EROFS, and what is exported no more ESTALE")
    void policy() throws IOException {
        try (FarSide far = open(WRITE)) {
            far.exports.change(List.of(FarSide.readOnly("files", dir))).apply();
            far.send(1, write(1, 0, "x"));
            far.exports.change(List.of()).apply();
            far.send(2, write(1, 0, "x"));
            far.doWork();
            assertThat(far.answers).map(FarSide.Answer::message).as("the worker comes after both changes")
                    .containsOnly(new Rlerror(Errno.ESTALE.number()));
        }
        try (FarSide far = open(WRITE)) {
            far.exports.change(List.of(FarSide.readOnly("files", dir))).apply();
            far.doWork();
            assertThat(far.errno(write(1, 0, "x"))).isEqualTo(Errno.EROFS.number());
        }
        assertThat(dir.resolve("f")).hasContent("0123456789");
    }

    private Export as(RunAsRule runAsRule) {
        return new Export("files", new Export.Target.Directory(dir, ExportOptions.ALL.withAs(runAsRule)));
    }

    private int mode() throws IOException {
        return (Integer) Files.getAttribute(dir.resolve("f"), "unix:mode") & 07777;
    }

    @Test
    @DisplayName("a set-user-ID and a set-group-ID bit go when another user than root writes, whoever runs the endpoint")
    void otherUser() throws IOException {
        assumeTrue((Integer) Files.getAttribute(dir, "unix:uid") == 0, "acting as others needs root");
        Files.setAttribute(dir, "unix:mode", 0755);
        Files.setAttribute(dir.resolve("f"), "unix:mode", 06777);
        try (FarSide far = open(opened(as(new RunAsRule.One(new Caller.User(1, 1, List.of())))), WRITE)) {
            far.send(1, write(1, 0, "x"));
            assertThat(far.answers).as("a worker takes on the user").isEmpty();
            assertThat(mode()).isEqualTo(06777);
            far.doWork();
            assertThat(far.answers).map(FarSide.Answer::message).containsExactly(new Rwrite(1));
            assertThat(mode()).isEqualTo(0777);
        }
    }

    @ParameterizedTest
    @DisplayName("what becomes of a set-user-ID bit does not depend on who writes, the loop or a worker")
    @ValueSource(ints = {WRITE, WRITE | SYNC})
    void sameUser(int flags) throws IOException {
        Files.setAttribute(dir.resolve("f"), "unix:mode", 04777);
        boolean root = (Integer) Files.getAttribute(dir, "unix:uid") == 0;
        try (FarSide far = open(flags)) {
            far.send(1, write(1, 0, "x"));
            far.doWork();
        }
        assertThat(mode()).as("root may keep it (CAP_FSETID)").isEqualTo(root ? 04777 : 0777);
    }

    @Test
    @DisplayName("a disk that fills up takes the part of a write that fits, then ENOSPC, and no write of the fid goes before that")
    void full() throws Exception {
        Path disk = Files.createDirectory(dir.resolve("disk"));
        boolean mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString())
                .redirectErrorStream(true).start().waitFor() == 0;
        assumeTrue(mounted, "SKIPPED: only root can mount a small disk");
        try {
            Files.write(disk.resolve("f"), new byte[200_000]);
            int room = (256 << 10) - 200_000;
            try (FarSide far = open(opened(FarSide.directory("files", disk)), WRITE)) {
                far.send(1, new Twrite(1, 200_000, Unpooled.wrappedBuffer(new byte[100_000])));
                assertThat(far.answers).map(FarSide.Answer::message).containsExactly(new Rwrite(room));
                far.send(2, new Twrite(1, 200_000 + room, Unpooled.wrappedBuffer(new byte[1])));
                far.send(3, write(1, 0, "there is room for this"));
                assertThat(far.answers).hasSize(1);
                far.doWork();
                assertThat(far.answers).map(FarSide.Answer::message).containsExactly(new Rwrite(room),
                        new Rlerror(Errno.ENOSPC.number()), new Rwrite(22));
                far.holdWork();
                far.send(4, write(1, 0, "so is"));
                assertThat(far.answers).as("when no worker has any, the loop writes again").hasSize(4);
                far.doWork();
                far.ask(new Tsetattr(1, 8, 0, 0, 0, 10, 0, 0, 0, 0));
                assertThat(disk.resolve("f")).hasContent("so is is r");
            }
        } finally {
            assertThat(new ProcessBuilder("umount", disk.toString()).start().waitFor()).isZero();
        }
    }

    @Test
    @DisplayName("what a write allocates on the heap does not grow with what is written")
    void allocation() throws IOException {
        try (Counting counting = new Counting(new ManualLoop(), dir)) {
            counting.open(WRITE, "f");
            // What the compiler has not yet kept from being allocated is some objects, and never as much as a copy.
            assertThat(allocatedBy(counting, BULK)).isLessThan(allocatedBy(counting, 4096) + 512);
        }
    }

    /** Bytes for each write. */
    private static double allocatedBy(Counting counting, int count) {
        ByteBuf frame = Unpooled.directBuffer();
        new Twrite(1, 0, Unpooled.wrappedBuffer(new byte[count])).write(frame, 2);
        double bytes = Allocated.bytesEach(() -> {
            counting.role.accept(frame.retainedDuplicate());
            counting.tags.clear();
        });
        frame.release();
        return bytes;
    }
}
