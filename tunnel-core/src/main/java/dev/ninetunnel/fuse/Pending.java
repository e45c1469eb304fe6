package dev.ninetunnel.fuse;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.fuse.kernel.Opcode;
import io.netty.buffer.ByteBuf;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request of the kernel that has no answer yet, and the requests that are with the server for it. Any thread. */
final class Pending {
    /** The one for which this thread works. */
    static final ScopedValue<Pending> CURRENT = ScopedValue.newInstance();

    private final Opcode opcode;
    private final long unique;
    private final IdentityHashMap<CompletableFuture<?>, NineClient> calls = new IdentityHashMap<>(2);
    private final AtomicBoolean answered = new AtomicBoolean();
    private final int thread;
    private CompletableFuture<ByteBuf> answer;
    private boolean givenUp;
    private long heardNanos = System.nanoTime();
    private Runnable undo = () -> {};

    /** @param thread that asks, by its number in this process's namespace */
    Pending(Opcode opcode, long unique, int thread) {
        this.opcode = opcode;
        this.unique = unique;
        this.thread = thread;
    }

    /** Runs something that belongs to it. */
    void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    /** Something, completed in the name of the request for which this thread works now. */
    static <R> CompletableFuture<R> resuming(CompletableFuture<R> work) {
        if (work.isDone() || !CURRENT.isBound()) {
            return work;
        }
        Pending pending = CURRENT.get();
        CompletableFuture<R> there = new CompletableFuture<>();
        work.whenComplete((result, failure) -> pending.run(() -> {
            if (failure == null) {
                there.complete(result);
            } else {
                there.completeExceptionally(failure);
            }
        }));
        return there;
    }

    /** The same, of what another request has asked the server for: if this one is given up, the other goes on. */
    static <R> CompletableFuture<R> awaiting(CompletableFuture<R> work, NineClient client) {
        if (work.isDone() || !CURRENT.isBound()) {
            return work;
        }
        Pending pending = CURRENT.get();
        pending.began(work, client);
        return resuming(work).whenComplete((_, _) -> pending.ended(work));
    }

    Opcode opcode() {
        return opcode;
    }

    long unique() {
        return unique;
    }

    int thread() {
        return thread;
    }

    /** Says what its answer comes from. */
    synchronized void answer(CompletableFuture<ByteBuf> future) {
        answer = future;
    }

    /** Whether the caller is the one who answers it: only the first is. */
    boolean claim() {
        return answered.compareAndSet(false, true);
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** Says how to take back what its answer would have given, if nobody waits for that any more. */
    synchronized void undoneBy(Runnable work) {
        undo = work;
    }

    synchronized Runnable undo() {
        return undo;
    }

    /** Nobody wants its answer any more: nothing more is asked of the server for it, and what is asked now is flushed. */
    synchronized void giveUp() {
        givenUp = true;
        calls.forEach((call, client) -> client.flush(call));
    }

    synchronized boolean isGivenUp() {
        return givenUp;
    }

    synchronized void began(CompletableFuture<?> call, NineClient client) {
        calls.put(call, client);
    }

    synchronized void ended(CompletableFuture<?> call) {
        calls.remove(call);
        heardNanos = System.nanoTime();
    }

    /** For how many nanoseconds the server has said nothing to it. */
    synchronized long silentNanos() {
        return System.nanoTime() - heardNanos;
    }

    /** Where nothing is with the server, as while it waits to ask for a lock again, its answer is that it was interrupted. */
    synchronized void cancelIfIdle() {
        if (calls.isEmpty() && answer != null) {
            answer.cancel(false);
        }
    }
}
