package dev.ninetunnel.serve;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The workers that an export may have, and who has the next. A call to a disk that does not answer keeps its worker for as
 * long as it likes, so there is a bound for each export, and within it one for each peer: a peer takes another worker only
 * while it has fewer than are left. So one peer gets up to half of them, and something is left for the next. Peers take
 * turns, and so do the conversations of a peer. Used on the event loop only.
 */
final class ExportWorkers {
    /** The most workers of one export. */
    static final int MOST = 24;
    /** A call that takes longer belongs to a disk that does not answer: a flush and a hang-up do not wait for it. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Workers workers;
    private final Ticker ticker;
    /** When each worker was taken, and, as a bit for each, which are. */
    private final long[] begun = new long[MOST];
    private int taken;
    /** Peers that want a worker, in turn. */
    private final ArrayDeque<Share> waiting = new ArrayDeque<>(0);
    private boolean pumping;

    /** Of no worker yet; the name is for people. */
    ExportWorkers(String name, Workers workers, Ticker ticker) {
        this.name = name;
        this.workers = workers;
        this.ticker = ticker;
    }

    /** Something that a worker is wanted for. */
    interface Job {
        /** Whether it need not be done any more. */
        boolean isOver();

        /** Begins it with this worker, which is given back by {@link WorkerQueue#end}. */
        void begin(int worker);
    }

    /** What one peer has of the workers, and its conversations that want more, in turn. */
    static final class Share {
        private final ExportWorkers exportWorkers;
        private final ArrayDeque<WorkerQueue> lines = new ArrayDeque<>(0);
        private int has;
        private boolean waits;

        Share(ExportWorkers exportWorkers) {
            this.exportWorkers = exportWorkers;
        }

        ExportWorkers lane() {
            return exportWorkers;
        }

        /** The next conversation that can use a worker, or null. */
        private WorkerQueue next() {
            for (WorkerQueue workerQueue = lines.poll(); workerQueue != null; workerQueue = lines.poll()) {
                workerQueue.leftQueue();
                if (workerQueue.isReady()) {
                    return workerQueue;
                }
            }
            return null;
        }
    }

    /** Lets a conversation have a worker when it is its turn. */
    void queue(Share share, WorkerQueue workerQueue) {
        share.lines.add(workerQueue);
        if (!share.waits) {
            share.waits = true;
            waiting.add(share);
        }
    }

    /** Has those begin that may. */
    void pump() {
        if (pumping || waiting.isEmpty()) {
            return;
        }
        pumping = true;
        while (has() < MOST && workers.allow(this)) {
            WorkerQueue next = next();
            if (next == null) {
                break;
            }
            next.begin();
        }
        pumping = false;
    }

    /** Passes those by that have their share; at most one peer has to be passed for each worker that is taken. */
    private WorkerQueue next() {
        for (int passed = waiting.size(); passed > 0; passed--) {
            Share share = waiting.remove();
            WorkerQueue workerQueue = share.has < MOST - has() ? share.next() : null;
            share.waits = !share.lines.isEmpty();
            if (share.waits) {
                waiting.add(share);
            }
            if (workerQueue != null) {
                return workerQueue;
            }
        }
        return null;
    }

    /** Takes a worker, of which there is one: its number. */
    int take(Share share) {
        int worker = Integer.numberOfTrailingZeros(~taken);
        taken |= 1 << worker;
        begun[worker] = ticker.nanoTime();
        share.has++;
        workers.taken();
        return worker;
    }

    /** Gives it back. */
    void give(Share share, int worker) {
        taken &= ~(1 << worker);
        share.has--;
        workers.given();
        pump();
    }

    /** How many workers are taken. */
    int has() {
        return Integer.bitCount(taken);
    }

    /** Whether somebody waits for a worker. */
    boolean isWanted() {
        return !waiting.isEmpty();
    }

    /** For how long a worker has been taken. */
    long nanosSince(int worker) {
        return ticker.nanoTime() - begun[worker];
    }

    /** Whether a disk does not answer here. */
    boolean hangs() {
        return taken != 0 && longest() > PATIENCE_NANOS;
    }

    /** That a disk has not answered for so long or longer, if it has not. */
    Optional<Workers.Hang> hang(Duration atLeast) {
        Duration longest = Duration.ofNanos(longest());
        return taken == 0 || longest.compareTo(atLeast) < 0
                ? Optional.empty()
                : Optional.of(new Workers.Hang(name, longest, has()));
    }

    /** How many workers wait for a disk that does not answer. */
    int hanging() {
        int hanging = 0;
        for (int left = taken; left != 0; left &= left - 1) {
            hanging += nanosSince(Integer.numberOfTrailingZeros(left)) > PATIENCE_NANOS ? 1 : 0;
        }
        return hanging;
    }

    private long longest() {
        long longest = 0;
        for (int left = taken; left != 0; left &= left - 1) {
            longest = Math.max(longest, nanosSince(Integer.numberOfTrailingZeros(left)));
        }
        return longest;
    }
}
