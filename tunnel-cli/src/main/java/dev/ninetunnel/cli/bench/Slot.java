package dev.ninetunnel.cli.bench;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One operation after another, without a pause, until its load is stopped. Goes on on the client's event loop. */
final class Slot {
    private final Supplier<CompletableFuture<Integer>> operation;
    private final Gauge gauge;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** With an operation whose future tells how many bytes of a file it has moved. */
    Slot(Supplier<CompletableFuture<Integer>> operation, Gauge gauge) {
        this.operation = operation;
        this.gauge = gauge;
    }

    /** Begins. The future completes when the last operation is over. */
    CompletableFuture<Void> start() {
        next();
        return ended;
    }

    private void next() {
        if (gauge.stopped()) {
            ended.complete(null);
            return;
        }
        long start = System.nanoTime();
        operation.get().whenComplete((moved, failure) -> {
            if (failure != null) {
                gauge.fail(failure);
                ended.complete(null);
                return;
            }
            gauge.done(System.nanoTime() - start, moved);
            next();
        });
    }
}
