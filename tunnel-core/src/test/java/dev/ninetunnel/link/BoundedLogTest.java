package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.accept.LinkAcceptor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BoundedLogTest {
    @Test
    @DisplayName("a flood of lines that others cause leaves a few lines, one more every few seconds, and the count of the rest")
    void flood() {
        AtomicLong now = new AtomicLong(-5);
        BoundedLog log = new BoundedLog(LoggerFactory.getLogger(LinkAcceptor.class), now::get);
        try (Logged logged = new Logged()) {
            for (int i = 0; i < 1000; i++) {
                log.warn("no " + i);
            }
            assertThat(logged.warnings()).hasSize(BoundedLog.BURST);

            now.addAndGet(TimeUnit.SECONDS.toNanos(BoundedLog.SECONDS_EACH));
            log.warn("later");
            log.warn("too soon");
            assertThat(logged.warnings()).hasSize(BoundedLog.BURST + 1);
            assertThat(logged.warnings().getLast())
                    .endsWith(
                            "later (and " + (1000 - BoundedLog.BURST)
                                    + " more lines like it before this one, not logged)");

            now.addAndGet(TimeUnit.DAYS.toNanos(1));
            for (int i = 0; i < 1000; i++) {
                log.warn("again " + i);
            }
            assertThat(logged.warnings()).hasSize(2 * BoundedLog.BURST + 1);
        }
    }
}
