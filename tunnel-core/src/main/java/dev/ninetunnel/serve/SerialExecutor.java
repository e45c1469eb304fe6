package dev.ninetunnel.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Work that is done one piece after the other, in the order in which it is handed in. A worker that has done a piece goes on
 * with the next at once if there is one, instead of the loop waking another; and what it has made of several it hands back
 * together, so that it wakes the loop once, unless they take long. Any thread.
 */
final class SerialExecutor {
    /** Pieces after which others that wait for a worker have their turn. */
    private static final int IN_ONE_GO = 16;
    /** Nothing that has been done is kept back while more than this passes, but for the piece that is being done. */
    private static final long KEPT_BACK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final Workers workers;
    private final LongSupplier clock;
    private final Consumer<List<WorkerResult>> taker;
    private final ArrayDeque<Supplier<WorkerResult>> waiting = new ArrayDeque<>();
    private boolean busy;

    /** What is made goes to the taker, on a worker; the clock is in nanoseconds. */
    SerialExecutor(Workers workers, LongSupplier clock, Consumer<List<WorkerResult>> taker) {
        this.workers = workers;
        this.clock = clock;
        this.taker = taker;
    }

    void execute(Supplier<WorkerResult> work) {
        synchronized (this) {
            waiting.add(work);
            if (busy) {
                return;
            }
            busy = true;
        }
        try {
            workers.execute(this::run);
        } catch (OutOfMemoryError e) {
            refuse(work);
            throw e;
        }
    }

    /** No thread is to be had for it. */
    private synchronized void refuse(Supplier<WorkerResult> work) {
        waiting.remove(work);
        busy = false;
    }

    private void run() {
        int done = 0;
        do {
            done += some(IN_ONE_GO - done);
        } while (done < IN_ONE_GO && !isOver());
        if (done == IN_ONE_GO) {
            workers.execute(this::run);
        }
    }

    /** Does at most the given number of pieces, hands them back together, and returns their number. */
    private int some(int most) {
        List<WorkerResult> made = new ArrayList<>();
        long begun = clock.getAsLong();
        while (made.size() < most && (made.isEmpty() || clock.getAsLong() - begun < KEPT_BACK_NANOS)) {
            Supplier<WorkerResult> work = next();
            if (work == null) {
                break;
            }
            made.add(work.get());
        }
        taker.accept(made);
        return made.size();
    }

    private synchronized Supplier<WorkerResult> next() {
        return waiting.poll();
    }

    /** Whether nothing waits; then the next that comes needs a worker again. Only after all has been handed back, in its order. */
    private synchronized boolean isOver() {
        busy = !waiting.isEmpty();
        return !busy;
    }
}
