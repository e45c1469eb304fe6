package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that does not answer holds up its own export, and there only whom it must. The workers are the test's, which runs what
 * they do, or does not: then the disk does not answer.
 */
class HungDiskTest {
    private static final int READ_WRITE = 2;
    private static final int IN_CONVERSATION = ServerLimits.STANDARD.running();

    @TempDir
    Path dir;

    private FarSide far;

    @BeforeEach
    void begin() throws IOException {
        for (String name : List.of("bad", "good")) {
            Files.createDirectory(dir.resolve(name));
            Files.writeString(dir.resolve(name).resolve("f"), "content");
        }
        far = new FarSide(true, ServerLimits.STANDARD, FarSide.directory("bad", dir.resolve("bad")),
                FarSide.directory("good", dir.resolve("good")));
        far.version("9P2000.L");
        attach(far);
    }

    @AfterEach
    void end() {
        far.close();
    }

    /** Fid 0 at the export that will hang, and fid 1 at the other. */
    private static void attach(FarSide peer) {
        assertThat(peer.attach(0, "bad")).isInstanceOf(Rattach.class);
        assertThat(peer.attach(1, "good")).isInstanceOf(Rattach.class);
    }

    /** Has so many requests wait for the disk, with tags from 1000 on. */
    private static void hang(FarSide peer, int requests) {
        for (int i = 0; i < requests; i++) {
            peer.send(1000 + i, new Tstatfs(0));
        }
        peer.answers.clear();
    }

    /** Has the last that came to the workers done, while all before it hangs. */
    private void lastIsDone() {
        far.work.removeLast().run();
    }

    private void assertServed(FarSide peer, int fid) {
        int before = far.work.size();
        peer.answers.clear();
        peer.send(1, new Tstatfs(fid));
        assertThat(far.work).as("a worker is to be had").hasSize(before + 1);
        lastIsDone();
        assertThat(peer.answers).map(FarSide.Answer::message).hasOnlyElementsOfType(Rstatfs.class).hasSize(1);
    }

    private static List<Rmessage> answers(FarSide peer) {
        return peer.answers.stream().map(FarSide.Answer::message).toList();
    }

    @Test
    @DisplayName("an export whose disk does not answer holds up no other export of the same conversation")
    void otherExports() {
        far.holdWork();
        hang(far, 500);
        assertThat(far.work).hasSize(IN_CONVERSATION);
        for (int i = 0; i < 100; i++) {
            assertServed(far, 1);
        }
        far.answers.clear();
        far.doWork();
        assertThat(far.answers).as("when it answers, each request has its reply").hasSize(500);
    }

    @Test
    @DisplayName("one peer, by however many conversations, takes half of an export's workers, and each further one half of the rest")
    void shares() {
        far.holdWork();
        hang(far, 100);
        for (int i = 0; i < 5; i++) {
            FarSide again = far.otherConversation();
            again.send(1, attachTo("bad"));
            hang(again, 100);
        }
        assertThat(far.work).as("of one peer").hasSize(ExportWorkers.MOST / 2);
        List<Integer> more = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int before = far.work.size();
            FarSide other = far.otherPeer();
            for (int tag = 1; tag < 50; tag++) {
                other.send(tag, attachTo("bad"));
            }
            more.add(far.work.size() - before);
        }
        assertThat(more).as("of others").containsExactly(6, 3, 2, 1);
    }

    private static Tattach attachTo(String export) {
        return new Tattach(fids++, Frame.NOFID, Text.of("u"), Text.of(export),
                OptionalInt.of(FarSide.NOBODY));
    }

    private static int fids = 100;

    @Test
    @DisplayName("two peers who load an export alike have equal shares of it in the end")
    void equalShares() {
        far.holdWork();
        FarSide second = far.otherConversation();
        FarSide other = far.otherPeer();
        FarSide otherSecond = other.otherConversation();
        List<FarSide> all = List.of(far, second, other, otherSecond);
        for (FarSide one : all) {
            one.send(1, attachTo("bad"));
        }
        while (!far.work.isEmpty()) {
            far.work.remove().run();
        }
        int fid = fids;
        for (int i = 0; i < all.size(); i++) {
            for (int tag = 1; tag <= 300; tag++) {
                all.get(i).send(tag, new Tstatfs(fid - all.size() + i));
            }
            all.get(i).answers.clear();
        }
        for (int i = 0; i < 400; i++) {
            far.work.remove().run();
        }
        int one = far.answers.size() + second.answers.size();
        int two = other.answers.size() + otherSecond.answers.size();
        assertThat(Math.abs(one - two)).as("%s and %s", one, two).isLessThan(20);
        far.doWork();
    }

    @Test
    @DisplayName("Tflush of a request whose disk has not answered for a second is answered, and the tag is free; its worker is not")
    void flush() {
        far.holdWork();
        hang(far, IN_CONVERSATION);
        far.send(1, new Tflush(1000));
        assertThat(far.answers).as("it may answer yet").isEmpty();
        far.loop.advance(2, TimeUnit.SECONDS);
        assertThat(answers(far)).containsExactly(new Rflush());
        far.send(2, new Tflush(1001));
        assertThat(answers(far)).as("it has hung for longer").containsExactly(new Rflush(), new Rflush());
        far.send(1000, new Tstatfs(0));
        assertThat(far.work).hasSize(IN_CONVERSATION);
        assertThat(far.workers.hangs(Duration.ofSeconds(2))).singleElement()
                .isEqualTo(
                        new Workers.Hang("bad (" + dir.resolve("bad") + ")", Duration.ofSeconds(2), IN_CONVERSATION));
        far.answers.clear();
        far.doWork();
        assertThat(far.answers).as("those that nobody has given up").hasSize(IN_CONVERSATION - 2 + 1)
                .allMatch(a -> a.message() instanceof Rstatfs);
        assertThat(far.workers.hangs(Duration.ZERO)).isEmpty();
    }

    @Test
    @DisplayName("a flush waits for what a disk answers within a second")
    void flushInTime() {
        far.holdWork();
        hang(far, 1);
        far.send(1, new Tflush(1000));
        far.doWork();
        assertThat(answers(far)).map(Object::getClass).containsExactly((Class) Rstatfs.class, Rflush.class);
        far.loop.advance(2, TimeUnit.SECONDS);
        assertThat(far.answers).hasSize(2);
    }

    @Test
    @DisplayName("what is given up has not happened: the fid is as it was, and what comes of it late is closed (flush(5))")
    void undone() {
        far.walk(0, 5, "f");
        far.walk(0, 7);
        int open = descriptors();
        far.holdWork();
        far.send(1, new Tlopen(5, READ_WRITE));
        far.send(2, new Twalk(0, 6, List.of(Text.of("f"))));
        far.send(3, new Tlcreate(7, Text.of("new"), READ_WRITE, 0644, 0));
        for (int tag = 1; tag <= 3; tag++) {
            far.send(10 + tag, new Tflush(tag));
        }
        far.loop.advance(2, TimeUnit.SECONDS);
        assertThat(answers(far).subList(answers(far).size() - 3, answers(far).size())).containsOnly(new Rflush());
        far.doWork();
        assertThat(descriptors()).isEqualTo(open);
        assertThat(far.errno(new Tgetattr(6, 1))).isEqualTo(Errno.EBADF.number());
        assertThat(far.walk(7, 8, "f")).as("still the directory").isInstanceOf(Rwalk.class);
        assertThat(far.ask(new Tlopen(5, READ_WRITE))).as("still not open").isInstanceOf(Rlopen.class);
        assertThat(far.ask(new Twrite(5, 0, Unpooled.copiedBuffer(new byte[3])))).isEqualTo(new Rwrite(3));
    }

    private static int descriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }

    @Test
    @DisplayName("a request that is given up before its worker comes to it is not done")
    void notBegun() throws IOException {
        far.walk(0, 5, "f");
        far.ask(Rlopen.class, new Tlopen(5, 1));
        far.holdWork();
        far.send(1, new Twrite(5, 0, Unpooled.copiedBuffer(new byte[]{'x'})));
        assumeThat(far.work).as("left to a worker, as what is not in tmpfs").isNotEmpty();
        far.send(2, new Tflush(1));
        far.loop.advance(2, TimeUnit.SECONDS);
        assertThat(answers(far)).contains(new Rflush());
        far.doWork();
        assertThat(Files.readString(dir.resolve("bad/f"))).isEqualTo("content");
    }

    @Test
    @DisplayName("M5 a flushed Tclunk that a disk does not let go on is answered, and its fid is unbound")
    void clunk() {
        far.walk(0, 5, "f");
        far.ask(Rlopen.class, new Tlopen(5, 0));
        far.walk(0, 6, "f");
        far.ask(Rlopen.class, new Tlopen(6, 0));
        far.answers.clear();
        far.holdWork();
        far.send(1, new Tclunk(5));
        hang(far, IN_CONVERSATION - 1);
        far.send(2, new Tclunk(6));
        assertThat(far.work).as("the second waits for a worker").hasSize(IN_CONVERSATION);
        far.send(3, new Tflush(1));
        far.send(4, new Tflush(2));
        far.loop.advance(2, TimeUnit.SECONDS);
        Rlerror interrupted = new Rlerror(Errno.EINTR.number());
        assertThat(answers(far)).containsExactly(interrupted, new Rflush(), interrupted, new Rflush());
        assertThat(far.errno(new Tgetattr(5, 1))).isEqualTo(Errno.EBADF.number());
        assertThat(far.errno(new Tgetattr(6, 1))).isEqualTo(Errno.EBADF.number());
        far.doWork();
    }

    @Test
    @DisplayName("a fid with a hung request can be clunked when that was flushed")
    void clunkAfterFlush() {
        far.walk(0, 5, "f");
        far.holdWork();
        far.send(1, new Tstatfs(5));
        far.send(2, new Tflush(1));
        far.send(3, new Tclunk(5));
        far.loop.advance(2, TimeUnit.SECONDS);
        lastIsDone();
        assertThat(answers(far)).contains(new Rflush(), new Rclunk());
        far.doWork();
    }

    @Test
    @DisplayName("S17 Tversion is answered though a disk does not answer, and the new conversation of the peer has other exports at once")
    void version() {
        int fidsBefore = far.role.fids();
        far.holdWork();
        hang(far, 100);
        far.send(Frame.NOTAG, new Tversion(8192, Text.of("9P2000.L")));
        far.loop.advance(2, TimeUnit.SECONDS);
        far.loop.advance(2, TimeUnit.SECONDS);
        assertThat(far.answers).map(FarSide.Answer::message).hasOnlyElementsOfType(Rversion.class).hasSize(1);
        assertThat(fidsBefore).isPositive();
        far.send(1, attachTo("good"));
        lastIsDone();
        assertThat(far.answers.getLast().message()).isInstanceOf(Rattach.class);
        FarSide other = far.otherPeer();
        other.send(1, attachTo("bad"));
        lastIsDone();
        assertThat(other.answers.getLast().message()).as("the bad export has workers for others")
                .isInstanceOf(Rattach.class);
        far.doWork();
    }

    @Test
    @DisplayName("a peer that hangs up while its disk hangs leaves workers for others, and what it had is closed when the disk answers")
    void hangUp() {
        int open = descriptors();
        FarSide gone = far.otherPeer();
        attach(gone);
        gone.walk(0, 5, "f");
        gone.ask(Rlopen.class, new Tlopen(5, 0));
        far.holdWork();
        hang(gone, 100);
        gone.role.close();
        far.loop.advance(2, TimeUnit.SECONDS);
        assertThat(gone.answers).isEmpty();
        assertServed(far, 0);
        assertServed(far, 1);
        far.doWork();
        assertThat(gone.role.fids()).isZero();
        assertThat(descriptors()).isLessThanOrEqualTo(open);
    }

    @Test
    @DisplayName("the list of the exports, and a walk from it into one, need no worker of another")
    void listOfExports() {
        far.attach(9, "");
        far.holdWork();
        for (int i = 0; i < 100; i++) {
            far.send(1000 + i, new Twalk(9, 100 + i, List.of(Text.of("bad"))));
        }
        assertThat(far.work).hasSize(IN_CONVERSATION);
        far.send(1, new Twalk(9, 300, List.of(Text.of("good"), Text.of("f"))));
        lastIsDone();
        far.send(2, new Tgetattr(9, 1));
        lastIsDone();
        assertThat(answers(far)).last().isInstanceOf(Rgetattr.class);
        far.doWork();
    }

    @Test
    @DisplayName("the event loop reads nothing from an export while a disk of it does not answer")
    void readsOnTheLoop() {
        far.walk(0, 5, "f");
        far.ask(Rlopen.class, new Tlopen(5, 0));
        far.ask(new Tread(5, 0, 7));
        far.holdWork();
        hang(far, 1);
        far.loop.advance(2, TimeUnit.SECONDS);
        far.answers.clear();
        far.send(1, new Tread(5, 0, 7));
        assertThat(far.answers).isEmpty();
        assertThat(far.work).as("a worker does it").hasSize(2);
        far.doWork();
    }
}
