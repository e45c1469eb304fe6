package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The role with real workers, under a far side that keeps many requests on the way. */
@Timeout(600)
class ManyThreadsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TAGS = 200;

    @TempDir
    Path dir;

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Workers workers = new Workers(6);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        workers.close();
    }

    @Test
    @DisplayName("S1 every one of 20,000 requests at random, good, bad, flushed or not, has one reply at most, and none hangs")
    void random() throws IOException {
        IntStream.range(0, 20).forEach(i -> create(dir.resolve("f" + i)));
        ArrayDeque<Integer> free = new ArrayDeque<>(IntStream.range(0, TAGS).boxed().toList());
        ConcurrentHashMap<Integer, Tmessage> waiting = new ConcurrentHashMap<>();
        AtomicInteger replies = new AtomicInteger();
        AtomicInteger stray = new AtomicInteger();
        try (Exports exports = new Exports(List.of(FarSide.directory("x", dir)), new LocalTrees())) {
            ServerRole role = new ServerRole(loop, exports, workers, ServerLimits.STANDARD,
                    new ServerRole.Peer("t", true), frame -> {
                        int tag = Frame.tag(frame);
                        Tmessage asked = waiting.remove(tag);
                        if (asked == null) {
                            stray.incrementAndGet();
                        } else {
                            replies.incrementAndGet();
                            check(asked, frame);
                            if (asked instanceof Tflush f && waiting.remove(f.oldtag()) != null) {
                                free.add(f.oldtag());
                            }
                            free.add(tag);
                        }
                        frame.release();
                    }, new FarSide.Valve());
            waiting.put(Frame.NOTAG, new Tflush(0));
            on(role, Frame.NOTAG, new Tversion(8192, Text.of("9P2000.L")));
            on(role, 60000, new Tattach(0, Frame.NOFID, Text.of("u"), Text.of(""), OptionalInt.of(0)), waiting);
            Random random = new Random(42);
            for (int sent = 0; sent < 20_000;) {
                sent += loop.submit(() -> fill(role, random, free, waiting)).syncUninterruptibly().getNow();
            }
            await().atMost(PATIENCE).until(() -> loop.submit(role::requests).syncUninterruptibly().getNow() == 0);
            assertThat(waiting).isEmpty();
            assertThat(stray).hasValue(0);
            assertThat(replies.get()).isGreaterThan(10_000);
            loop.submit(role::close).syncUninterruptibly();
            await().atMost(PATIENCE).until(() -> loop.submit(role::fids).syncUninterruptibly().getNow() == 0);
        }
    }

    private static void create(Path file) {
        try {
            Files.writeString(file, "content of " + file.getFileName());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void check(Tmessage asked, ByteBuf reply) {
        Rmessage read = Rmessage.read(reply);
        if (read instanceof Rread r && asked instanceof Tread t) {
            assertThat(r.data().readableBytes()).isLessThanOrEqualTo(t.count());
        }
    }

    private void on(ServerRole role, int tag, Tmessage message, ConcurrentHashMap<Integer, Tmessage> waiting) {
        waiting.put(tag, message);
        on(role, tag, message);
    }

    private void on(ServerRole role, int tag, Tmessage message) {
        loop.submit(() -> accept(role, tag, message)).syncUninterruptibly();
    }

    private static void accept(ServerRole role, int tag, Tmessage message) {
        ByteBuf frame = Unpooled.buffer();
        message.write(frame, tag);
        role.accept(frame);
    }

    private static int fill(ServerRole role, Random random, ArrayDeque<Integer> free,
            ConcurrentHashMap<Integer, Tmessage> waiting) {
        int sent = 0;
        while (sent < 50 && !free.isEmpty()) {
            int tag = free.remove();
            Tmessage message = message(random, waiting);
            waiting.put(tag, message);
            accept(role, tag, message);
            sent++;
        }
        return sent;
    }

    private static Tmessage message(Random random, ConcurrentHashMap<Integer, Tmessage> waiting) {
        int fid = 1 + random.nextInt(12);
        Text name = Text.of("f" + random.nextInt(25));
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> new Twalk(0, fid, List.of(name));
            case 3 -> new Twalk(fid, 1 + random.nextInt(12), List.of());
            case 4 -> new Tlopen(fid, random.nextInt(3));
            case 5 -> new Tlcreate(fid, name, 2, 0644, 0);
            case 6 -> new Tread(fid, random.nextInt(20), random.nextInt(10_000));
            case 7 -> new Twrite(fid, random.nextInt(20), Unpooled.copiedBuffer("written", UTF_8));
            case 8 -> new Tclunk(fid);
            case 9 -> random.nextInt(8) == 0 ? new Tremove(fid) : new Tgetattr(fid, 0x7ff);
            case 10 -> new Treaddir(fid, 0, 4096);
            default -> new Tflush(waiting.keySet().stream().filter(t -> t < TAGS
                    && !(waiting.get(t) instanceof Tflush)).findAny().orElse(30_000));
        };
    }
}
