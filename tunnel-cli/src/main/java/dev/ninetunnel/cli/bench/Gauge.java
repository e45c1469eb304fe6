package dev.ninetunnel.cli.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what one load gets done, and how long each operation took. May be used from any thread; {@link #restart} and
 * {@link #taken} belong to the one that measures.
 */
final class Gauge {
    private final Latencies latencies = new Latencies();
    private final LongAdder bytes = new LongAdder();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private Latencies before = new Latencies();
    private long bytesBefore;
    private volatile boolean stopped;

    /** What was done since the restart. */
    record Taken(long bytes, Latencies latencies) {}

    void done(long nanos, int moved) {
        latencies.add(nanos);
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
        before = latencies.copy();
        bytesBefore = bytes.sum();
    }

    Taken taken() {
        return new Taken(bytes.sum() - bytesBefore, latencies.since(before));
    }

    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }
}
