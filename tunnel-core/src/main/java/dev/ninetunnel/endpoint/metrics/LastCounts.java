package dev.ninetunnel.endpoint.metrics;

import dev.ninetunnel.endpoint.metrics.MetricsPages.Aged;
import dev.ninetunnel.endpoint.web.OneQuestion;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What is counted, as it is now, or, where the loop does not tell in time, as it was when it last did. Any thread. */
public final class LastCounts {
    private static final double NANOS = 1e9;

    private record Told(Counts counts, long when) {}

    private final OneQuestion<Told> question;
    private final AtomicReference<Told> last = new AtomicReference<>();

    /** With what the loop tells. */
    public LastCounts(EventLoop loop, Supplier<Counts> counts) {
        this.question = new OneQuestion<>(loop, () -> {
            Told told = new Told(counts.get(), System.nanoTime());
            last.set(told);
            return told;
        });
    }

    /** Fails if nothing is known at all. */
    public CompletableFuture<Aged> now() {
        return question.ask().thenApply(told -> new Aged(told.counts, 0)).exceptionallyCompose(fault -> {
            Told told = last.get();
            return told == null
                    ? CompletableFuture.failedFuture(fault)
                    : CompletableFuture.completedFuture(
                            new Aged(told.counts, (System.nanoTime() - told.when) / NANOS));
        });
    }
}
