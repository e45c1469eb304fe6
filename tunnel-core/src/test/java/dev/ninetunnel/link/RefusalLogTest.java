package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    @Test
    @DisplayName("a flood of refusals leaves a few lines, one more every few seconds, and the count of the rest")
    void flood() {
        AtomicLong now = new AtomicLong(-5);
        RefusalLog log = new RefusalLog(now::get);
        try (Logged logged = new Logged()) {
            for (int i = 0; i < 1000; i++) {
                log.refused("no " + i);
            }
            assertThat(logged.warnings()).hasSize(RefusalLog.BURST);

            now.addAndGet(TimeUnit.SECONDS.toNanos(RefusalLog.SECONDS_EACH));
            log.refused("later");
            log.refused("too soon");
            assertThat(logged.warnings()).hasSize(RefusalLog.BURST + 1);
            assertThat(logged.warnings().getLast())
                    .endsWith(
                            "later (and " + (1000 - RefusalLog.BURST) + " more refusals before this one, not logged)");

            now.addAndGet(TimeUnit.DAYS.toNanos(1));
            for (int i = 0; i < 1000; i++) {
                log.refused("again " + i);
            }
            assertThat(logged.warnings()).hasSize(2 * RefusalLog.BURST + 1);
        }
    }
}
