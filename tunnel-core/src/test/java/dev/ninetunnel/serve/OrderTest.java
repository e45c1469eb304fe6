package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags, fids and the order of things, with workers that work when the test says so. */
class OrderTest {
    @TempDir
    Path dir;

    private FarSide far;

    @BeforeEach
    void attach() throws IOException {
        far = FarSide.ours(dir);
        far.attach(0, "");
        Files.createDirectories(dir.resolve("a/b"));
        far.walk(0, 1, "a");
        far.answers.clear();
    }

    @AfterEach
    void close() {
        far.close();
    }

    private static Twalk walk(int fid, int newfid, String... names) {
        return new Twalk(fid, newfid, List.of(names).stream().map(Text::of).toList());
    }

    private List<Class<?>> types() {
        return far.answers.stream().<Class<?>>map(a -> a.message().getClass()).toList();
    }

    private List<Integer> tags() {
        return far.answers.stream().map(FarSide.Answer::tag).toList();
    }

    private Rmessage answer(int tag) {
        return far.answers.stream().filter(a -> a.tag() == tag).findFirst().orElseThrow().message();
    }

    @Test
    @DisplayName("S1 each request has one reply, however many are on the way, and replies of a tick go out together")
    void oneReplyEach() {
        far.holdWork();
        for (int tag = 0; tag < 500; tag++) {
            far.send(tag, new Tstatfs(1));
        }
        assertThat(far.answers).isEmpty();
        assertThat(far.role.requests()).isEqualTo(500);
        far.doWork();
        assertThat(tags()).hasSize(500).doesNotHaveDuplicates();
        assertThat(far.role.requests()).isZero();
        assertThat(far.batches).isPositive();
    }

    @Test
    @DisplayName("what a local disk has in memory is answered while every worker is busy, once it is known to be one")
    void answeredAtOnce() throws IOException {
        assumeThat(Files.getFileStore(dir).type()).isIn("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "zfs");
        far.send(1, new Tgetattr(1, 0x7ff));
        far.answers.clear();
        far.holdWork();
        far.send(2, walk(1, 2, "b"));
        far.send(3, new Tgetattr(1, 0x7ff));
        far.send(4, new Tgetattr(2, 0x7ff));
        assertThat(tags()).as("the walk, and what is asked about where it leads, wait for a worker").containsExactly(3);
        far.doWork();
        assertThat(types()).containsExactly(Rgetattr.class, Rwalk.class, Rgetattr.class);
    }

    @Test
    @DisplayName("M4 a Tclunk and at once a Twalk that makes the same fid work, and so does what follows on it")
    void clunkThenWalk() {
        far.holdWork();
        far.send(1, new Tgetattr(1, 0x7ff));
        far.send(2, new Tclunk(1));
        far.send(3, walk(0, 1, "a", "b"));
        far.send(4, new Tgetattr(1, 0x7ff));
        far.doWork();
        assertThat(types()).containsExactly(Rgetattr.class, Rclunk.class, Rwalk.class, Rgetattr.class);
        long before = ((Rgetattr) answer(1)).qid().path();
        assertThat(((Rgetattr) answer(4)).qid().path()).isNotEqualTo(before)
                .isEqualTo(((Rwalk) answer(3)).qids().getLast().path());
    }

    @Test
    @DisplayName("M4 what changes waits for what came before, and what reads after it sees it")
    void writeThenRead() {
        far.walk(0, 2);
        far.ask(Rlcreate.class, new Tlcreate(2, Text.of("f"), 2, 0644, 0));
        far.answers.clear();
        far.holdWork();
        far.send(1, new Tread(2, 0, 10));
        far.send(2, new Twrite(2, 0, Unpooled.copiedBuffer("x", UTF_8)));
        far.send(3, new Tread(2, 0, 10));
        far.send(4, new Tread(2, 0, 10));
        while (!far.work.isEmpty()) {
            assertThat(types()).as("what is answered before the write is").doesNotContain(Rwrite.class)
                    .hasSizeLessThan(2);
            boolean writes = types().contains(Rread.class);
            assertThat(far.work).as("the first read, then the write, each alone").hasSize(1);
            far.work.remove().run();
            if (writes) {
                far.doWork();
            }
        }
        assertThat(types()).containsExactly(Rread.class, Rwrite.class, Rread.class, Rread.class);
        assertThat(((Rread) answer(1)).data().readableBytes()).isZero();
        assertThat(((Rread) answer(4)).data().readableBytes()).isEqualTo(1);
    }

    private static Twrite write(int fid, long offset, String text) {
        return new Twrite(fid, offset, Unpooled.copiedBuffer(text, UTF_8));
    }

    @Test
    @DisplayName("M4 writes on a fid are done in their order, by one worker, and what reads after them sees all")
    void writesInOrder() throws IOException {
        far.walk(0, 2);
        far.ask(Rlcreate.class, new Tlcreate(2, Text.of("f"), 2, 0644, 0));
        far.answers.clear();
        far.holdWork();
        for (int tag = 1; tag <= 50; tag++) {
            far.send(tag, write(2, tag % 7, "w" + tag));
        }
        far.send(51, new Tread(2, 0, 100));
        assertThat(far.work).hasSize(1);
        far.doWork();
        assertThat(tags()).hasSize(51).isSorted();
        assertThat(Files.readString(dir.resolve("f"))).hasSize(9).startsWith("w").isEqualTo(expected());
        assertThat(((Rread) answer(51)).data().toString(UTF_8)).isEqualTo(expected());
    }

    private static String expected() {
        StringBuilder content = new StringBuilder("\0".repeat(9));
        for (int tag = 1; tag <= 50; tag++) {
            String text = "w" + tag;
            content.replace(tag % 7, tag % 7 + text.length(), text);
        }
        return content.toString();
    }

    @Test
    @DisplayName("Tflush drops a write that waits behind others, and leaves those to a fid that is opened for append whole")
    void flushedWrite() throws IOException {
        far.walk(0, 2);
        far.ask(Rlcreate.class, new Tlcreate(2, Text.of("f"), 02001, 0644, 0));
        far.answers.clear();
        far.holdWork();
        for (int tag = 1; tag <= 9; tag++) {
            far.send(tag, write(2, 0, "<" + tag + ">"));
        }
        far.send(10, new Tflush(9));
        assertThat(tags()).containsExactly(10);
        far.send(11, new Tflush(1));
        far.doWork();
        assertThat(tags()).containsExactly(10, 1, 11, 2, 3, 4, 5, 6, 7, 8);
        assertThat(Files.readString(dir.resolve("f"))).isEqualTo("<1><2><3><4><5><6><7><8>");
    }

    @Test
    @DisplayName("M6 newfid is unbound after a failed and after a partial walk, and what was pipelined on it fails")
    void failedWalk() {
        far.holdWork();
        far.send(1, walk(1, 5, "b", "none"));
        far.send(2, new Tgetattr(5, 0));
        far.send(3, walk(1, 5, "none"));
        far.send(4, new Tclunk(5));
        far.send(5, walk(1, 5));
        far.send(6, new Tclunk(5));
        far.doWork();
        assertThat(types()).containsExactlyInAnyOrder(Rwalk.class, Rlerror.class, Rlerror.class, Rlerror.class,
                Rwalk.class, Rclunk.class);
        assertThat(((Rwalk) answer(1)).qids()).hasSize(1);
        assertThat(answer(2)).isEqualTo(new Rlerror(9));
        assertThat(answer(3)).isEqualTo(new Rlerror(2));
        assertThat(answer(4)).isEqualTo(new Rlerror(9));
        assertThat(answer(6)).isInstanceOf(Rclunk.class);
        assertThat(far.role.fids()).isEqualTo(2);
    }

    @Test
    @DisplayName("M6 Twalk with newfid equal to fid moves it, and with no names leaves it")
    void walkInPlace() {
        assertThat(far.ask(walk(1, 1))).isEqualTo(new Rwalk(List.of()));
        Rwalk moved = (Rwalk) far.ask(walk(1, 1, "b"));
        assertThat(far.ask(Rgetattr.class, new Tgetattr(1, 0)).qid().path())
                .isEqualTo(moved.qids().getFirst().path());
        assertThat(far.errno(walk(1, 1, "none"))).isEqualTo(2);
        assertThat(far.ask(new Tgetattr(1, 0))).isInstanceOf(Rgetattr.class);
    }

    @Test
    @DisplayName("a request that names a fid twice, and two that name the same two crosswise, do not wait for one another")
    void noDeadlock() {
        far.walk(0, 2, "a", "b");
        far.answers.clear();
        far.holdWork();
        far.send(1, new dev.ninetunnel.wire.message.Trenameat(1, Text.of("x"), 2, Text.of("y")));
        far.send(2, new dev.ninetunnel.wire.message.Trenameat(2, Text.of("y"), 1, Text.of("x")));
        far.send(3, new dev.ninetunnel.wire.message.Trenameat(1, Text.of("x"), 1, Text.of("y")));
        far.doWork();
        assertThat(tags()).containsExactly(1, 2, 3);
    }

    @Test
    @DisplayName("M3 a tag that is in use gets an error, and the first request its own reply")
    void duplicateTag() {
        far.holdWork();
        far.send(7, new Tstatfs(1));
        far.send(7, new Tclunk(1));
        assertThat(types()).containsExactly(Rlerror.class);
        far.doWork();
        assertThat(types()).containsExactly(Rlerror.class, Rstatfs.class);
        assertThat(far.ask(new Tgetattr(1, 0))).isInstanceOf(Rgetattr.class);
    }

    @Test
    @DisplayName("Tflush drops what has not begun, waits for what has, and knows nothing of other tags")
    void flush() {
        far.holdWork();
        far.send(1, new Tmkdir(1, Text.of("one"), 0755, 0));
        far.send(2, new Tmkdir(1, Text.of("two"), 0755, 0));
        far.send(3, new Tflush(2));
        assertThat(tags()).containsExactly(3);
        far.send(4, new Tflush(1));
        far.send(5, new Tflush(1));
        far.send(6, new Tflush(4));
        far.send(8, new Tflush(999));
        far.send(9, new Tflush(9));
        assertThat(tags()).containsExactly(3, 8, 9);
        far.doWork();
        assertThat(tags()).containsExactly(3, 8, 9, 1, 4, 5, 6);
        // Whatever is flushed need not be answered any more, if the answer has not left.
        assertThat(far.cancelled).containsExactly(2, 999, 9, 1, 4);
        assertThat(far.answers.stream().filter(a -> a.message() instanceof Rflush)).hasSize(6);
        assertThat(dir.resolve("a/one")).exists();
        assertThat(dir.resolve("a/two")).doesNotExist();
        assertThat(far.role.requests()).isZero();
    }

    @Test
    @DisplayName("a chain of 50,000 flushes, each of the one before, is answered from its first on")
    void flushOfFlush() {
        far.holdWork();
        far.send(0, new Tgetattr(1, 0));
        for (int tag = 1; tag <= 50_000; tag++) {
            far.send(tag, new Tflush(tag - 1));
        }
        far.doWork();
        assertThat(tags()).hasSize(50_001).isSorted();
    }

    @Test
    @DisplayName("a flushed Tclunk is done all the same, and answered before its Rflush")
    void flushedClunk() {
        far.holdWork();
        far.send(1, new Tgetattr(1, 0));
        far.send(2, new Tclunk(1));
        far.send(3, new Tflush(2));
        far.doWork();
        assertThat(tags()).containsExactly(1, 2, 3);
        assertThat(far.errno(new Tgetattr(1, 0))).isEqualTo(9);
    }

    @Test
    @DisplayName("S17 a second Tversion forgets fids, locks and tags, and drops the replies of what still runs")
    void secondVersion() {
        far.holdWork();
        far.send(1, new Tmkdir(1, Text.of("one"), 0755, 0));
        far.send(2, walk(0, 9));
        far.send(3, new Tmkdir(1, Text.of("two"), 0755, 0));
        far.send(Frame.NOTAG, new Tversion(8192, Text.of("9P2000.L;session=1")));
        far.doWork();
        assertThat(types()).containsExactly(Rversion.class);
        assertThat(answer(Frame.NOTAG)).isEqualTo(new Rversion(8192, Text.of("9P2000.L")));
        assertThat(dir.resolve("a/two")).doesNotExist();
        assertThat(far.role.fids()).isZero();
        assertThat(far.role.requests()).isZero();
        assertThat(far.errno(new Tgetattr(1, 0))).isEqualTo(9);
        far.attach(1, "");
        assertThat(far.ask(new Tgetattr(1, 0))).isInstanceOf(Rgetattr.class);
    }

    @Test
    @DisplayName("Tversion agrees on what both speak, and on no msize below 4096")
    void versions() throws IOException {
        assertThat(far.ask(new Tversion(4095, Text.of("9P2000.L")))).isEqualTo(new Rversion(4095, Text.of("unknown")));
        assertThat(far.ask(new Tgetattr(0, 0))).isInstanceOf(Rerror.class);
        assertThat(far.version("9P2000.u").version().utf8()).isEqualTo("9P2000");
        assertThat(far.version("9P2000.x").version().utf8()).isEqualTo("9P2000");
        assertThat(far.version("9P2000.L.Google.7").version().utf8()).isEqualTo("9P2000.L");
        assertThat(far.version("9P2000.L;extended=1").version().utf8()).isEqualTo("9P2000.L;extended=1");
        assertThat(far.version("9P2000.L;extended=2").version().utf8()).isEqualTo("9P2000.L");
        assertThat(far.version("9P2000;extended=1").version().utf8()).isEqualTo("9P2000");
        assertThat(far.version("9P2000.u.x").version().utf8()).isEqualTo("9P2000");
        assertThat(far.version("9P2000.Lx").version().utf8()).isEqualTo("9P2000");
        assertThat(far.version("9P1999").version().utf8()).isEqualTo("unknown");
        assertThat(far.version("").version().utf8()).isEqualTo("unknown");
        assertThat(far.version("9P2000.L").msize()).isEqualTo(ServerLimits.STANDARD.msize());
        try (FarSide plain = new FarSide(false, ServerLimits.STANDARD, FarSide.directory("files", dir))) {
            assertThat(plain.version("9P2000.u").version().utf8()).isEqualTo("9P2000.u");
            assertThat(plain.version("9P2000.L.Google.7").version().utf8()).isEqualTo("9P2000.L");
            assertThat(plain.version("9P2000.L.ninetunnel").version().utf8()).isEqualTo("9P2000.L.ninetunnel");
            assertThat(plain.version("9P2000.u.x").version().utf8()).isEqualTo("9P2000.u");
            assertThat(plain.version("9P2000").version().utf8()).isEqualTo("9P2000");
            assertThat(plain.attachPlain(0, "")).isNotInstanceOf(Rerror.class);
        }
    }

    @Test
    @DisplayName("L3 and L4 an unknown even type, 6 and 106 among them, gets an error in the dialect of the conversation")
    void unknownTypes() {
        for (int type : new int[]{0, 2, 6, 10, 98, 106, 128, 254}) {
            ByteBuf frame = Unpooled.buffer().writeIntLE(7).writeByte(type).writeShortLE(5);
            far.role.accept(frame);
            assertThat(far.answers.getLast().message()).as("type %d", type).isEqualTo(new Rlerror(95));
            assertThat(frame.refCnt()).isZero();
        }
        far.version("9P2000");
        far.role.accept(Unpooled.buffer().writeIntLE(7).writeByte(106).writeShortLE(5));
        assertThat(((Rerror) far.answers.getLast().message()).ename().utf8()).isEqualTo("Operation not supported");
    }

    @Test
    @DisplayName("L2 a frame that breaks its layout, or a stat within it that does, is thrown back to the link")
    void malformed() {
        ByteBuf truncated = Unpooled.buffer().writeIntLE(9).writeByte(120).writeShortLE(5).writeShortLE(1);
        assertThatThrownBy(() -> far.role.accept(truncated)).isInstanceOf(MalformedMessageException.class);
        assertThat(truncated.refCnt()).isZero();
        ByteBuf garbled = Unpooled.buffer().writeIntLE(17).writeByte(126).writeShortLE(5).writeIntLE(1).writeShortLE(4)
                .writeShortLE(2).writeShortLE(0);
        assertThatThrownBy(() -> far.role.accept(garbled)).isInstanceOf(MalformedMessageException.class);
        assertThat(garbled.refCnt()).isZero();
        assertThat(far.ask(new Tgetattr(1, 0))).isInstanceOf(Rgetattr.class);
    }

    @Test
    @DisplayName("the number of fids is capped, and NOFID is none")
    void cap() throws IOException {
        try (FarSide few = new FarSide(true, new ServerLimits(8192, 1 << 20, 1 << 20, 3, 2, 4, 10),
                FarSide.directory("files", dir))) {
            few.version("9P2000.L");
            few.attach(0, "");
            few.walk(0, 1);
            few.walk(0, 2);
            assertThat(few.errno(walk(0, 3))).isEqualTo(23);
            few.ask(new Tclunk(2));
            assertThat(few.walk(0, 3)).isInstanceOf(Rwalk.class);
            assertThat(few.errno(walk(0, Frame.NOFID))).isEqualTo(9);
        }
    }

    @Test
    @DisplayName("reading pauses while too much waits, requests or replies, and goes on when it is worked off")
    void backpressure() throws IOException {
        try (FarSide small = new FarSide(true, new ServerLimits(8192, 1000, 500, 100, 2, 4, 10),
                FarSide.directory("files", dir))) {
            small.version("9P2000.L");
            small.attach(0, "");
            small.holdWork();
            int tag = 1;
            while (!small.paused) {
                small.send(tag++, new Tfsync(0, 0));
            }
            assertThat(tag).isBetween(40, 80);
            small.doWork();
            assertThat(small.paused).isFalse();
            small.role.unsent(1001);
            assertThat(small.paused).isTrue();
            int before = small.answers.size();
            small.send(1, new Tfsync(0, 0));
            assertThat(small.answers).hasSize(before);
            small.role.unsent(0);
            assertThat(small.answers).hasSize(before + 1);
            assertThat(small.paused).isFalse();
        }
    }

    @Test
    @DisplayName("a closed role writes nothing more, and closes what it held")
    void closed() {
        far.holdWork();
        far.send(1, new Tstatfs(1));
        far.send(2, walk(1, 2));
        far.role.close();
        far.doWork();
        assertThat(far.answers).isEmpty();
        ByteBuf late = Unpooled.buffer().writeIntLE(7).writeByte(120).writeShortLE(1);
        far.role.accept(late);
        assertThat(late.refCnt()).isZero();
        assertThat(far.role.fids()).isZero();
    }
}
