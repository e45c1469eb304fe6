package dev.ninetunnel.cli.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Counts what one load gets done, and how long each operation took. May be used from any thread; {@link #restart} and
 * {@link #taken} belong to the one that measures.
 */
final class Gauge {
    /** Three digits: a value is right within a thousandth. */
    private static final int DIGITS = 3;

    private final Recorder latencies = new Recorder(DIGITS);
    private final LongAdder bytes = new LongAdder();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private Histogram kept;
    private long bytesBefore;
    private volatile boolean stopped;

    /** What was done since the restart. */
    record Taken(long bytes, Histogram latencies) {}

    void done(long nanos, int moved) {
        latencies.recordValue(Math.max(0, nanos));
        bytes.add(moved);
    }

    void fail(Throwable cause) {
        failed.completeExceptionally(cause);
    }

    /** Completes, exceptionally, once an operation has failed. */
    CompletableFuture<Void> failed() {
        return failed;
    }

    /** Forgets what was done so far: it was for warming up. */
    void restart() {
        kept = latencies.getIntervalHistogram(kept);
        bytesBefore = bytes.sum();
    }

    Taken taken() {
        return new Taken(bytes.sum() - bytesBefore, latencies.getIntervalHistogram(kept));
    }

    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }
}
