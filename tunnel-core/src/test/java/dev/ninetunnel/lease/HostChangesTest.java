package dev.ninetunnel.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import io.netty.channel.DefaultEventLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the loop is woken to hear of changes by programs of this host. */
class HostChangesTest {
    private static final Duration TERM = Duration.ofSeconds(10);
    private static final Duration LONG_UP = Duration.ofDays(1);

    @TempDir
    Path folder;
    private final Script watch = new Script();
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private HostChanges changes;

    /** Tells that something has happened as often as a test says, and whether the loop has heard of it by itself meanwhile. */
    private static final class Script implements ChangeWatch {
        /** For each that happens, whether it is left to be told. */
        private final LinkedBlockingQueue<Boolean> happens = new LinkedBlockingQueue<>();
        private final AtomicInteger looked = new AtomicInteger();
        private final AtomicInteger told = new AtomicInteger();

        @Override
        public boolean await(Duration longest) {
            if (longest.isZero()) {
                looked.incrementAndGet();
                return happens.remove();
            }
            long until = System.nanoTime() + longest.toNanos();
            while (happens.isEmpty() && System.nanoTime() - until < 0) {
                try {
                    TimeUnit.MILLISECONDS.sleep(1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return !happens.isEmpty();
        }

        @Override
        public void drain(ObjLongConsumer<Changed> changed, Runnable lost) {
            told.incrementAndGet();
        }

        @Override
        public boolean add(FileId id, int descriptor) {
            return false;
        }

        @Override
        public void remove(FileId id, int descriptor) {}

        @Override
        public long mark() {
            return 0;
        }

        @Override
        public boolean hasUntold() {
            return false;
        }

        @Override
        public void close() {}
    }

    private void start() {
        changes = new HostChanges(loop, watch, new GrantRecord(folder, LONG_UP, TERM), 10, 10);
        changes.start();
    }

    @AfterEach
    void close() {
        changes.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private void happen(int times, boolean isLeft) {
        int before = watch.looked.get();
        for (int i = 0; i < times; i++) {
            watch.happens.add(isLeft);
        }
        await().until(() -> watch.looked.get() == before + times);
    }

    @Test
    @DisplayName("the loop is woken for what it has not heard of, and not for what its own writes bring, which it has")
    void ownWritesWakeNobody() {
        start();
        happen(100, false);
        assertThat(watch.told).as("times that the loop was woken").hasValue(0);
        happen(3, true);
        await().untilAsserted(() -> assertThat(watch.told).hasValue(3));
    }
}
