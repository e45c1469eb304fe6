package dev.ninetunnel.fuse;

import io.netty.buffer.ByteBuf;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request of the kernel that has no answer yet, and the requests that are with the server for it. Any thread. */
final class Pending {
    /** The one for which this thread works. */
    static final ScopedValue<Pending> CURRENT = ScopedValue.newInstance();

    private final Opcode opcode;
    private final long unique;
    private final IdentityHashMap<CompletableFuture<?>, Boolean> calls = new IdentityHashMap<>(2);
    private final AtomicBoolean answered = new AtomicBoolean();
    private CompletableFuture<ByteBuf> answer;

    Pending(Opcode opcode, long unique) {
        this.opcode = opcode;
        this.unique = unique;
    }

    Opcode opcode() {
        return opcode;
    }

    long unique() {
        return unique;
    }

    /** Says what its answer comes from. */
    synchronized void answer(CompletableFuture<ByteBuf> future) {
        answer = future;
    }

    /** Whether the caller is the one who answers it: only the first is. */
    boolean claim() {
        return answered.compareAndSet(false, true);
    }

    synchronized void began(CompletableFuture<?> call) {
        calls.put(call, true);
    }

    synchronized void ended(CompletableFuture<?> call) {
        calls.remove(call);
    }

    synchronized List<CompletableFuture<?>> calls() {
        return List.copyOf(calls.keySet());
    }

    /** Where nothing is with the server, as while it waits to ask for a lock again, its answer is that it was interrupted. */
    synchronized void cancelIfIdle() {
        if (calls.isEmpty() && answer != null) {
            answer.cancel(false);
        }
    }
}
