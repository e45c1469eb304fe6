package dev.ninetunnel.fuse;

import dev.ninetunnel.fuse.kernel.Opcode;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Ends requests to which the server has said nothing for too long. One that waits for a lock waits on while the server answers. */
final class Patience {
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    /** A lock that somebody else has is asked for again after so long at most. */
    private static final long LOCK_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(LockRequests.LONGEST_WAIT_MILLIS);

    private final long nanos;
    private final Collection<Pending> pending;
    private final Consumer<Pending> end;
    private final BooleanSupplier over;

    /**
     * Of one mount.
     *
     * @param pending a live view of what has no answer
     * @param end answers what has waited too long
     * @param over whether the mount is
     */
    Patience(Duration limit, Collection<Pending> pending, Consumer<Pending> end, BooleanSupplier over) {
        this.nanos = limit.toNanos();
        this.pending = pending;
        this.end = end;
        this.over = over;
    }

    /** Looks now, and again and again. */
    void look() {
        if (over.getAsBoolean()) {
            return;
        }
        for (Pending request : pending) {
            if (request.silentNanos() > nanos + (request.opcode() == Opcode.SETLKW ? LOCK_PAUSE_NANOS : 0)) {
                end.accept(request);
            }
        }
        long pause = Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos) / 4, 1, LONGEST_PAUSE_MILLIS);
        Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS);
        later.execute(this::look);
    }
}
