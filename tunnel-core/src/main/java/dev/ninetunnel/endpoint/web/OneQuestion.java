package dev.ninetunnel.endpoint.web;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks the session loop something that is asked often, from other threads that may not wait for it: never twice at a time, so that a
 * loop that is busy for long does not find more to do, the more often somebody asks.
 */
public final class OneQuestion<T> {
    /** With the time that the answer then takes to be written, less than a second. */
    private static final long PATIENCE_MILLIS = 700;

    private final EventLoop loop;
    private final Supplier<T> question;
    private CompletableFuture<T> open = CompletableFuture.failedFuture(new IllegalStateException("never asked"));

    /** With what is asked on the loop. */
    public OneQuestion(EventLoop loop, Supplier<T> question) {
        this.loop = loop;
        this.question = question;
    }

    /** The answer; it fails if the loop does not give it in time, or has ended. */
    public synchronized CompletableFuture<T> ask() {
        if (open.isDone()) {
            try {
                open = CompletableFuture.supplyAsync(question, loop);
            } catch (RejectedExecutionException leaving) {
                return CompletableFuture.failedFuture(leaving);
            }
        }
        return open.copy().orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
