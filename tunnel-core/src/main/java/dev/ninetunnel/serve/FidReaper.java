package dev.ninetunnel.serve;

import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.serve.tree.TreeFid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what a conversation leaves behind when it ends, or what its rights do not cover any more, which may be a million fids: so
 * many in one turn of the event loop,
 * and in one turn of one worker, that neither keeps others waiting. Those of each export wait for the workers of that
 * export, as closing may have to wait for a disk. Used on the event loop, but for the closing itself.
 */
final class FidReaper {
    /** Slots looked at in one turn of the loop. */
    static final int SWEEP = 1024;
    /** Fids closed in one turn of a worker. */
    static final int PORTION = 64;
    /** Of each export: one, and another whenever a disk does not answer. */
    private static final int MOST_WORKERS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(FidReaper.class);

    private final ServerRole role;
    private final RunningRequests runningRequests;
    private final Consumer<TreeFid> close;
    private final Runnable whenIdle;
    private final Map<ExportedTree, OfExport> byExport = new HashMap<>(1);
    /** Of those that wait or are being closed. */
    private int left;
    private boolean sweeping;

    /**
     * Nothing is to be closed yet.
     *
     * @param close closes one, on a worker
     * @param whenIdle runs on the loop whenever all have been closed
     */
    FidReaper(ServerRole role, RunningRequests runningRequests, Consumer<TreeFid> close, Runnable whenIdle) {
        this.role = role;
        this.runningRequests = runningRequests;
        this.close = close;
        this.whenIdle = whenIdle;
    }

    /** Goes through these slots, a part at a time. */
    void sweep(List<FidQueue> slots, Consumer<FidQueue> each) {
        sweeping = slots.size() > SWEEP;
        slots.subList(0, Math.min(SWEEP, slots.size())).forEach(each);
        if (sweeping) {
            List<FidQueue> rest = slots.subList(SWEEP, slots.size());
            role.loop().execute(() -> sweep(rest, each));
        } else if (left == 0) {
            whenIdle.run();
        }
    }

    void add(TreeFid fid) {
        left++;
        byExport.computeIfAbsent(fid.tree(), OfExport::new).add(fid);
    }

    /** Whether all have been closed, and no more are to be found. */
    boolean isIdle() {
        return !sweeping && left == 0;
    }

    /** How many are to be closed. */
    int left() {
        return left;
    }

    /** What there is to be closed of one export. */
    private final class OfExport implements ExportWorkers.Job {
        private final WorkerQueue workerQueue;
        private final Queue<TreeFid> waiting = new ConcurrentLinkedQueue<>();
        /** How many workers are at it, or are to be. */
        private int jobs;

        OfExport(ExportedTree tree) {
            workerQueue = runningRequests.line(tree, MOST_WORKERS, () -> true);
        }

        void add(TreeFid fid) {
            waiting.add(fid);
            if (jobs == 0) {
                another();
            }
        }

        private void another() {
            jobs++;
            workerQueue.add(this);
        }

        /** A worker has to wait for a disk. What else there is may lie on another one, such as one that is mounted beneath. */
        private void passBy() {
            if (jobs < MOST_WORKERS && !waiting.isEmpty()) {
                another();
            }
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public void begin(int worker) {
            Future<?> hanging = role.loop().schedule(this::passBy, ExportWorkers.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            try {
                role.workers().execute(() -> work(worker, hanging));
            } catch (OutOfMemoryError e) {
                LOG.warn("no thread is to be had to close files: {}", e.getMessage());
                role.loop().schedule(() -> closed(worker, 0, hanging), ExportWorkers.PATIENCE_NANOS,
                        TimeUnit.NANOSECONDS);
            }
        }

        private void work(int worker, Future<?> hanging) {
            int done = 0;
            for (TreeFid fid = next(done); fid != null; fid = next(done)) {
                close(fid);
                done++;
            }
            int closed = done;
            try {
                role.loop().execute(() -> closed(worker, closed, hanging));
            } catch (RejectedExecutionException e) {
                // The endpoint is stopping, and nobody waits for this any more; but the locks of all of them are to end.
                waiting.forEach(this::close);
            }
        }

        private TreeFid next(int done) {
            return done < PORTION ? waiting.poll() : null;
        }

        private void close(TreeFid fid) {
            try {
                close.accept(fid);
            } catch (Throwable e) {
                LOG.error("a file could not be closed; this is a fault in the program, or it has too little memory", e);
            }
        }

        private void closed(int worker, int done, Future<?> hanging) {
            hanging.cancel(false);
            left -= done;
            if (waiting.isEmpty()) {
                jobs--;
            } else {
                workerQueue.add(this);
            }
            workerQueue.end(worker);
            if (left == 0) {
                whenIdle.run();
            }
        }
    }
}
