package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.ManualLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RepeatedTest {
    @Test
    @DisplayName("what an event loop does again and again is done the next time, too, when it has failed, of whatever kind the failure")
    void goesOn() {
        ManualLoop loop = new ManualLoop();
        AtomicInteger looks = new AtomicInteger();
        loop.scheduleWithFixedDelay(Repeated.of("nothing", () -> {
            looks.incrementAndGet();
            throw new OutOfMemoryError("for a test");
        }), 1, 1, TimeUnit.SECONDS);
        for (int second = 0; second < 5; second++) {
            loop.advance(1, TimeUnit.SECONDS);
        }
        assertThat(looks).hasValue(5);
    }
}
