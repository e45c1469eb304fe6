package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.testing.FuseDisk;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as {@link HungDiskTest} on a real file system of which a file does not answer, and on real threads. */
class HungFuseTest {
    private static final int OTHERS_REQUESTS = 2_000;
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Workers workers = new Workers();
    private FuseDisk disk;
    private Exports exports;

    @BeforeEach
    void mount() throws IOException {
        assumeThat(FuseDisk.available()).as("root and /dev/fuse").isTrue();
        Path bad = Files.createDirectory(dir.resolve("bad"));
        Path good = Files.createDirectory(dir.resolve("good"));
        disk = FuseDisk.mount(bad);
        exports = new Exports(List.of(FarSide.directory("bad", bad), FarSide.directory("good", good)),
                new LocalTrees());
    }

    @AfterEach
    void unmount() throws IOException {
        if (disk != null) {
            disk.close();
            exports.close();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        workers.close();
    }

    /** A peer in a conversation of its own. */
    private final class Peer {
        final Map<Integer, Rmessage> answers = new ConcurrentHashMap<>();
        final ServerRole role;

        Peer(Quota quota) {
            role = new ServerRole(loop, exports, quota, workers, ServerLimits.STANDARD,
                    new ServerRole.Peer("t", true), dev.ninetunnel.audit.Trail.NONE, this::take, new FarSide.Valve());
            ask(Frame.NOTAG, new Tversion(8192, Text.of("9P2000.L")));
            attach(0, "bad");
            attach(1, "good");
        }

        private void take(ByteBuf frame) {
            answers.put(Frame.tag(frame), Rmessage.read(Unpooled.copiedBuffer(frame)));
            frame.release();
        }

        private void attach(int fid, String export) {
            assertThat(ask(fid, new Tattach(fid, Frame.NOFID, Text.of("u"), Text.of(export), OptionalInt.of(0))))
                    .isInstanceOf(Rattach.class);
        }

        void send(int tag, Tmessage request) {
            loop.execute(() -> {
                ByteBuf frame = Unpooled.buffer();
                request.write(frame, tag);
                role.accept(frame);
            });
        }

        Rmessage ask(int tag, Tmessage request) {
            answers.remove(tag);
            send(tag, request);
            await().atMost(LONG).until(() -> answers.containsKey(tag));
            return answers.get(tag);
        }

        /** Has reads wait for the disk that does not answer, with tags from 10,000 on. */
        void hang(int reads) {
            assertThat(ask(1, new Twalk(0, 5, List.of(Text.of("f"))))).isInstanceOf(Rwalk.class);
            assertThat(ask(2, new Tlopen(5, 0))).isInstanceOf(Rlopen.class);
            for (int i = 0; i < reads; i++) {
                send(10_000 + i, new Tread(5, 0, 512));
            }
        }

        /** Has so many requests done that reach the disk. */
        void work(int fid) {
            answers.clear();
            for (int i = 0; i < OTHERS_REQUESTS; i++) {
                send(i, new Tstatfs(fid));
            }
            await().atMost(LONG).until(() -> answers.size() == OTHERS_REQUESTS);
            assertThat(answers.values()).hasOnlyElementsOfType(Rstatfs.class);
        }
    }

    private Quota quota() {
        return new Quota(loop, Rights.Limits.NONE);
    }

    @Test
    @DisplayName("a file that never answers holds up neither other exports nor other peers, and whoever waits for it may go")
    void hung() {
        Quota culprits = quota();
        Peer culprit = new Peer(culprits);
        Peer again = new Peer(culprits);
        Peer honest = new Peer(quota());
        Peer other = new Peer(quota());
        culprit.hang(40);
        again.hang(40);
        honest.hang(10);
        await().atMost(LONG).until(() -> disk.unanswered() > 12);
        other.work(1);
        other.work(0);
        honest.work(1);
        culprit.work(1);
        assertThat(culprit.ask(1, new Tflush(10_000))).isInstanceOf(Rflush.class);
        assertThat(culprit.answers).doesNotContainKey(10_000);
        assertThat(culprit.ask(Frame.NOTAG, new Tversion(8192, Text.of("9P2000.L")))).isNotNull();
        loop.submit(again.role::close).syncUninterruptibly();
        other.work(0);
        assertThat(loop.submit(() -> workers.hangs(Duration.ofMillis(500))).syncUninterruptibly().getNow())
                .singleElement().satisfies(hang -> assertThat(hang.toString()).contains(dir.resolve("bad").toString()));
    }

    @Test
    @DisplayName("when the disk is taken away, what waited for it has its error, and all that was kept for it is closed")
    void takenAway() throws IOException {
        Peer peer = new Peer(quota());
        peer.hang(4);
        peer.send(1, new Tflush(10_000));
        await().atMost(LONG).until(() -> peer.answers.containsKey(1) && disk.unanswered() > 0);
        disk.close();
        await().atMost(LONG).until(() -> peer.answers.keySet().containsAll(List.of(10_001, 10_002, 10_003)));
        assertThat(peer.answers.get(10_001)).isInstanceOf(Rlerror.class);
        loop.submit(peer.role::close).syncUninterruptibly();
        await().atMost(LONG).until(() -> loop.submit(peer.role::fids).syncUninterruptibly().getNow() == 0);
        assertThat(loop.submit(() -> workers.hangs(Duration.ZERO)).syncUninterruptibly().getNow()).isEmpty();
    }

    @Test
    @DisplayName("an endpoint stops though a disk does not answer")
    void stop() {
        Peer peer = new Peer(quota());
        peer.hang(8);
        await().atMost(LONG).until(() -> disk.unanswered() > 0);
        loop.submit(peer.role::close).syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        workers.close();
        exports.close();
        assertThat(disk.unanswered()).as("it still does not").isPositive();
    }
}
