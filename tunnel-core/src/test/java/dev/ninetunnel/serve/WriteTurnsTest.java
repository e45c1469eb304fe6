package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.InMemory;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In what order the loop writes, and who has a turn in between: 512 KiB go in one. All that is sent here is there at the same time. */
class WriteTurnsTest {
    private static final int BULK = 128 * 1024;
    private static final int WRITE = 1;
    private static final int READ_WRITE = 2;

    @TempDir(factory = InMemory.class)
    Path dir;

    private final EventLoop loop = new DefaultEventLoop();
    private final List<Integer> tags = new ArrayList<>();
    private Counting role;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(dir.resolve("f"), "");
        Files.writeString(dir.resolve("other"), "");
        role = onLoop(() -> new Counting(loop, dir, tags));
        onLoop(() -> {
            role.open(READ_WRITE, "f");
            return null;
        });
        role.awaitReplies(4);
        onLoop(() -> {
            role.open(2, WRITE, "f");
            role.open(3, WRITE, "other");
            return null;
        });
        role.awaitReplies(8);
        onLoop(() -> {
            tags.clear();
            return null;
        });
    }

    @AfterEach
    void close() throws Exception {
        onLoop(() -> {
            role.close();
            return null;
        });
        loop.shutdownGracefully(0, 60, TimeUnit.SECONDS).sync();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get(60, TimeUnit.SECONDS);
    }

    /** What is sent on the loop in one go. */
    @FunctionalInterface
    private interface Sending {
        void run() throws IOException;
    }

    /** The tags of so many replies, in their order. */
    private List<Integer> replies(int count, Sending sending) throws Exception {
        onLoop(() -> {
            sending.run();
            return null;
        });
        role.awaitReplies(count);
        return onLoop(() -> List.copyOf(tags));
    }

    private static Twrite write(int fid, long offset, int count, int with) {
        byte[] data = new byte[count];
        Arrays.fill(data, (byte) with);
        return new Twrite(fid, offset, Unpooled.wrappedBuffer(data));
    }

    /** A write in direct pieces, as they come from the network. */
    private void sendInPieces(int tag, Twrite write) {
        ByteBuf frame = Unpooled.directBuffer();
        write.write(frame, tag);
        var pieces = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        while (frame.isReadable()) {
            pieces.addComponent(true, frame.readRetainedSlice(Math.min(10_000, frame.readableBytes())));
        }
        frame.release();
        role.role.accept(pieces);
    }

    @Test
    @DisplayName("of 8 bulk writes the loop does 4; then small requests have their turn, those of other clients among them")
    void smallRequestsDoNotWaitForBulk() throws Exception {
        Counting another = onLoop(() -> new Counting(loop, dir, tags));
        onLoop(() -> {
            another.open(WRITE, "other");
            return null;
        });
        role.awaitReplies(4);
        List<Integer> order = replies(4 + 12, () -> {
            tags.clear();
            tags.addAll(List.of(-1, -1, -1, -1));
            for (int tag = 1; tag <= 8; tag++) {
                role.send(tag, write(1, (long) tag * BULK, BULK, tag));
            }
            role.send(9, write(3, 0, 4096, 9));
            role.send(10, new Tgetattr(0, 0x7ff));
            another.send(11, write(1, 0, 4096, 11));
            another.send(12, new Tgetattr(0, 0x7ff));
        });
        assertThat(order.subList(4, 16)).containsExactly(1, 2, 3, 4, 9, 10, 11, 12, 5, 6, 7, 8);
        onLoop(() -> {
            another.close();
            return null;
        });
    }

    @Test
    @DisplayName("M4 a small write does not overtake bulk of its fid, nor do a read, Tfsync and Tclunk behind them")
    void nothingOfTheFidOvertakes() throws Exception {
        List<Integer> order = replies(12, () -> {
            for (int tag = 1; tag <= 8; tag++) {
                role.send(tag, write(1, 0, BULK, tag));
            }
            role.send(9, write(1, 10, 10, 9));
            role.send(10, new Tread(1, 0, 30));
            role.send(11, new Tfsync(1, 0));
            role.send(12, new Tclunk(1));
        });
        assertThat(order.subList(0, 9)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(order.subList(9, 11)).containsExactlyInAnyOrder(10, 11);
        assertThat(order.getLast()).isEqualTo(12);
        byte[] content = Files.readAllBytes(dir.resolve("f"));
        assertThat(content).hasSize(BULK);
        assertThat(Arrays.copyOf(content, 30)).isEqualTo(filled(8, 9, 8));
    }

    /** Ten bytes of each. */
    private static byte[] filled(int... with) {
        byte[] bytes = new byte[10 * with.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) with[i / 10];
        }
        return bytes;
    }

    @ParameterizedTest
    @DisplayName("overlapping writes on two fids of one file, large and small, in pieces and whole: each fid's in its order, and the "
            + "file is as the replies tell")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void interleaved(long seed) throws Exception {
        Random random = new Random(seed);
        Map<Integer, Twrite> sent = new HashMap<>();
        for (int tag = 1; tag <= 120; tag++) {
            int count = random.nextBoolean() ? 1 + random.nextInt(BULK) : 1 + random.nextInt(9000);
            sent.put(tag, write(1 + random.nextInt(2), random.nextInt(2 * BULK), count, tag));
        }
        List<Integer> order = replies(120, () -> {
            for (int tag = 1; tag <= 120; tag++) {
                if (random.nextBoolean()) {
                    sendInPieces(tag, sent.get(tag));
                } else {
                    role.send(tag, sent.get(tag));
                }
            }
        });
        byte[] expected = new byte[3 * BULK];
        int length = 0;
        for (int tag : order) {
            Twrite done = sent.get(tag);
            int count = done.data().readableBytes();
            done.data().getBytes(0, expected, (int) done.offset(), count);
            length = Math.max(length, (int) done.offset() + count);
        }
        for (int fid : new int[]{1, 2}) {
            assertThat(order.stream().filter(tag -> sent.get(tag).fid() == fid)).isSorted();
        }
        assertThat(Files.readAllBytes(dir.resolve("f"))).isEqualTo(Arrays.copyOf(expected, length));
    }

    @Test
    @DisplayName("Tflush drops a write that waits for its turn, and lets what is behind it go on")
    void flushed() throws Exception {
        List<Integer> order = replies(9, () -> {
            for (int tag = 1; tag <= 8; tag++) {
                role.send(tag, write(1, (long) (tag - 1) * BULK, BULK, tag));
            }
            role.send(20, new Tflush(6));
            role.send(21, new Tflush(8));
            role.send(9, write(1, 0, 10, 9));
        });
        assertThat(order).containsExactly(1, 2, 3, 4, 20, 21, 5, 7, 9);
        byte[] content = Files.readAllBytes(dir.resolve("f"));
        assertThat(content).hasSize(7 * BULK);
        assertThat(content[0]).isEqualTo((byte) 9);
        assertThat(content[5 * BULK + 1]).as("of the write that was dropped").isZero();
        assertThat(content[6 * BULK + 1]).isEqualTo((byte) 7);
    }

    @Test
    @DisplayName("what waits for its turn when the conversation ends is dropped, and its fids are closed")
    void ended() throws Exception {
        onLoop(() -> {
            for (int tag = 1; tag <= 8; tag++) {
                role.send(tag, write(1, (long) (tag - 1) * BULK, BULK, tag));
            }
            role.role.close();
            return null;
        });
        assertThat(onLoop(() -> role.role.fids())).isZero();
        assertThat(Files.size(dir.resolve("f"))).isEqualTo(4L * BULK);
    }
}
