package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.ninetunnel.testing.ManualLoop;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read on the event loop, since it is in memory, and what is left to workers. */
class ReadAtOnceTest {
    private static final int BULK = 128 * 1024;
    private static final int SMALL = 4096;

    @TempDir
    Path dir;

    @BeforeEach
    void makeFile() throws IOException {
        assumeThat(Files.getFileStore(dir).type()).isIn("ext4", "xfs", "btrfs", "tmpfs");
        Files.write(dir.resolve("f"), new byte[10 * BULK]);
        Files.writeString(dir.resolve("short"), "0123456789");
    }

    private FarSide open(String name) throws IOException {
        FarSide far = FarSide.ours(dir);
        far.attach(0, "");
        far.walk(0, 1, name);
        far.ask(new Tlopen(1, 0));
        far.answers.clear();
        far.holdWork();
        return far;
    }

    private static String data(FarSide.Answer answer) {
        return ((Rread) answer.message()).data().toString(UTF_8);
    }

    @Test
    @DisplayName("what is in memory is read while every worker is busy, up to the end of the file and not beyond")
    void inMemory() throws IOException {
        try (FarSide far = open("short")) {
            far.send(1, new Tread(1, 0, 4));
            far.send(2, new Tread(1, 7, 100));
            far.send(3, new Tread(1, 10, 100));
            far.send(4, new Tread(1, 100, 100));
            far.send(5, new Tread(1, 0, 0));
            far.send(6, new Tread(1, -1, 1));
            assertThat(far.answers).hasSize(6);
            assertThat(far.answers.subList(0, 5)).map(ReadAtOnceTest::data).containsExactly("0123", "789", "", "", "");
            assertThat(far.answers.getLast().message()).isEqualTo(new Rlerror(22));
            far.send(7, new Tclunk(1));
            assertThat(far.answers).as("a clunk closes a file, which a worker does").hasSize(6);
        }
    }

    @Test
    @DisplayName("9P2000 reads what is in memory at once too")
    void plain() throws IOException {
        try (FarSide far = FarSide.ours(dir)) {
            far.attachPlain(0, "");
            far.walk(0, 1, "short");
            far.ask(new Topen(1, 0));
            far.answers.clear();
            far.holdWork();
            far.send(1, new Tread(1, 3, 3));
            assertThat(far.answers).hasSize(1).map(ReadAtOnceTest::data).containsExactly("345");
        }
    }

    @Test
    @DisplayName("what is not in memory is left to a worker, and may be flushed while it waits for one")
    void notInMemory() throws Exception {
        assumeThat(Files.getFileStore(dir).type()).isIn("ext4", "xfs", "btrfs");
        forget(dir.resolve("f"));
        try (FarSide far = open("f")) {
            far.send(1, new Tread(1, 0, BULK));
            far.send(2, new Tread(1, 5 * BULK, SMALL));
            assertThat(far.answers).isEmpty();
            assertThat(far.work).hasSize(2);
            far.send(3, new Tflush(1));
            assertThat(far.answers).as("a worker has it").isEmpty();
            far.doWork();
            assertThat(far.answers).map(FarSide.Answer::tag).containsExactly(1, 3, 2);
            assertThat(data(far.answers.getFirst())).hasSize(BULK);
            far.holdWork();
            for (int tag = 4; tag < 10; tag++) {
                far.send(tag, new Tread(1, 0, BULK));
            }
            assertThat(far.answers).as("it is in memory now, which is found out after a while").hasSizeGreaterThan(3);
        }
    }

    /** Has the kernel drop what it has of a file in memory. */
    private static void forget(Path file) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Process dd = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none").start();
        assertThat(dd.waitFor()).isZero();
    }

    @Test
    @DisplayName("a small read that comes behind 8 bulk reads of what is in memory is answered after 4 of them")
    void smallReadsDoNotWaitForBulk() throws Exception {
        EventLoop loop = new DefaultEventLoop();
        try (Counting counting = new Counting(loop, dir)) {
            loop.submit(() -> counting.open(0, "f")).get(60, TimeUnit.SECONDS);
            counting.awaitReplies(4);
            loop.submit(() -> {
                counting.tags.clear();
                for (int tag = 1; tag <= 8; tag++) {
                    counting.send(tag, new Tread(1, (long) tag * BULK, BULK));
                }
                counting.send(9, new Tread(1, 0, SMALL));
            }).get(60, TimeUnit.SECONDS);
            counting.awaitReplies(9);
            List<Integer> tags = loop.submit(() -> List.copyOf(counting.tags)).get(60, TimeUnit.SECONDS);
            assertThat(tags).containsExactly(1, 2, 3, 4, 9, 5, 6, 7, 8);
            loop.submit(counting::close).get(60, TimeUnit.SECONDS);
        } finally {
            loop.shutdownGracefully(0, 60, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    @DisplayName("what a read allocates on the heap does not grow with what is read")
    void allocation() throws IOException {
        try (Counting counting = new Counting(new ManualLoop(), dir)) {
            counting.open(0, "f");
            allocatedBy(counting, SMALL);
            allocatedBy(counting, BULK);
            assertThat(allocatedBy(counting, BULK)).isLessThan(allocatedBy(counting, SMALL) + SMALL);
        }
    }

    /** Bytes for each read. */
    private static long allocatedBy(Counting counting, int count) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int reads = 2000;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < reads; i++) {
            counting.send(2, new Tread(1, 0, count));
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / reads;
    }
}
