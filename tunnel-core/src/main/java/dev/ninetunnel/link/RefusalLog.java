package dev.ninetunnel.link;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused connections, each once, but not more than {@value #BURST} in a row and one every
 * {@value #SECONDS_EACH} seconds after that: anybody can connect, and nobody shall fill the disk. What was left out is
 * counted, and told with the next line. Any thread may call.
 */
final class RefusalLog {
    static final int BURST = 20;
    static final int SECONDS_EACH = 3;
    private static final Logger LOG = LoggerFactory.getLogger(LinkAcceptor.class);

    private final LongSupplier nanoTime;
    private long filledAt;
    private long lines = BURST;
    private long leftOut;

    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.filledAt = nanoTime.getAsLong();
    }

    synchronized void refused(String message) {
        long each = TimeUnit.SECONDS.toNanos(SECONDS_EACH);
        long earned = (nanoTime.getAsLong() - filledAt) / each;
        filledAt += earned * each;
        lines = Math.min(BURST, lines + earned);
        if (lines == 0) {
            leftOut++;
            return;
        }
        lines--;
        if (leftOut > 0) {
            LOG.warn("{} (and {} more refusals before this one, not logged)", message, leftOut);
            leftOut = 0;
        } else {
            LOG.warn("{}", message);
        }
    }
}
