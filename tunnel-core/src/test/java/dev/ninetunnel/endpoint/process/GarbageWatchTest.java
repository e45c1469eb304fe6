package dev.ninetunnel.endpoint.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GarbageWatchTest {
    private final AtomicLong turnover = new AtomicLong();
    private final AtomicInteger collections = new AtomicInteger();
    private final GarbageWatch watch = new GarbageWatch(turnover::get, collections::incrementAndGet);

    @Test
    @DisplayName("after a storm, and not in it, garbage is collected once")
    void storm() {
        for (int i = 0; i < 5; i++) {
            turnover.addAndGet(300);
            watch.look();
            assertThat(collections).hasValue(0);
        }
        watch.look();
        watch.look();
        assertThat(collections).hasValue(1);
        turnover.addAndGet(GarbageWatch.MANY);
        watch.look();
        watch.look();
        assertThat(collections).hasValue(2);
    }

    @Test
    @DisplayName("where nobody comes, or now and then somebody, nothing is collected")
    void quiet() {
        for (int i = 0; i < GarbageWatch.MANY - 1; i++) {
            turnover.incrementAndGet();
            watch.look();
            watch.look();
        }
        assertThat(collections).hasValue(0);
    }
}
