package dev.ninetunnel.link;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs lines of one kind that others can cause in any number, each once, but not more than {@value #BURST} in a row and one
 * every {@value #SECONDS_EACH} seconds after that: a flood must not fill the disk. What was left out is counted, and told with the
 * next line. Any thread may call.
 */
public final class BoundedLog {
    static final int BURST = 20;
    static final int SECONDS_EACH = 3;

    private final Logger log;
    private final LongSupplier nanoTime;
    private long filledAt;
    private long lines = BURST;
    private long leftOut;

    /** Into a log, by a clock in nanoseconds. */
    public BoundedLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.filledAt = nanoTime.getAsLong();
    }

    /** Into a log, by the machine's clock. */
    public BoundedLog(Logger log) {
        this(log, System::nanoTime);
    }

    /** Logs a warning, or counts it. */
    public void warn(String message) {
        line(Level.WARN, message);
    }

    /** The same for what is no fault. */
    public void info(String message) {
        line(Level.INFO, message);
    }

    private synchronized void line(Level level, String message) {
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
            log.atLevel(level).log("{} (and {} more lines like it before this one, not logged)", message, leftOut);
            leftOut = 0;
        } else {
            log.atLevel(level).log("{}", message);
        }
    }
}
