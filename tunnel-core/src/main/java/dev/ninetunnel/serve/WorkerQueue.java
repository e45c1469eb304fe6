package dev.ninetunnel.serve;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * What one conversation wants workers of a {@link ExportWorkers} for, first come, first served, up to a number at a time. Used on the event
 * loop only.
 */
final class WorkerQueue {
    private final ExportWorkers.Share share;
    private final int most;
    private final BooleanSupplier open;
    private final ArrayDeque<ExportWorkers.Job> waiting = new ArrayDeque<>();
    private int has;
    private boolean queued;

    /** With the most workers at a time, as long as it is open. */
    WorkerQueue(ExportWorkers.Share share, int most, BooleanSupplier open) {
        this.share = share;
        this.most = most;
        this.open = open;
    }

    ExportWorkers lane() {
        return share.lane();
    }

    /** Has something done when there is a worker for it. */
    void add(ExportWorkers.Job job) {
        waiting.add(job);
        wake();
    }

    /** Goes on where it may be open again. */
    void wake() {
        if (!queued && isReady()) {
            queued = true;
            share.lane().queue(share, this);
            share.lane().pump();
        }
    }

    /** Whether it can use a worker. */
    boolean isReady() {
        while (!waiting.isEmpty() && waiting.peek().isOver()) {
            waiting.remove();
        }
        return !waiting.isEmpty() && has < most && open.getAsBoolean();
    }

    void leftQueue() {
        queued = false;
    }

    /** Begins the next, when it is ready. */
    void begin() {
        ExportWorkers.Job job = waiting.remove();
        has++;
        int worker = share.lane().take(share);
        // Before it begins: what is done at once may change everything.
        wake();
        job.begin(worker);
    }

    /** A worker is free again. */
    void end(int worker) {
        has--;
        share.lane().give(share, worker);
        wake();
    }
}
