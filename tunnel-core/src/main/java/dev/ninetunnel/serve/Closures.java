package dev.ninetunnel.serve;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Closes what a conversation leaves behind when it ends, which may be a million fids: so many in one go of the event loop,
 * and so many in one go of one worker, that neither keeps others waiting. Used on the event loop, but for the
 * closing itself.
 */
final class Closures {
    /** Slots looked at in one go of the loop. */
    static final int SWEEP = 1024;
    /** Fids closed in one go of a worker. */
    static final int PORTION = 64;

    private final EventExecutor loop;
    private final Workers workers;
    private final Consumer<TreeFid> close;
    private final Runnable whenIdle;
    private final Queue<TreeFid> waiting = new ConcurrentLinkedQueue<>();
    /** Of those that wait or are being closed; a worker is at it as long as there are any. */
    private final AtomicInteger left = new AtomicInteger();
    private boolean sweeping;

    /**
     * Nothing is to be closed yet.
     *
     * @param close closes one, on a worker
     * @param whenIdle runs on the loop whenever all have been closed
     */
    Closures(EventExecutor loop, Workers workers, Consumer<TreeFid> close, Runnable whenIdle) {
        this.loop = loop;
        this.workers = workers;
        this.close = close;
        this.whenIdle = whenIdle;
    }

    /** Goes through these slots, a part at a time. */
    void sweep(List<Slot> slots, Consumer<Slot> each) {
        sweeping = slots.size() > SWEEP;
        slots.subList(0, Math.min(SWEEP, slots.size())).forEach(each);
        if (sweeping) {
            List<Slot> rest = slots.subList(SWEEP, slots.size());
            loop.execute(() -> sweep(rest, each));
        } else if (left.get() == 0) {
            whenIdle.run();
        }
    }

    void add(TreeFid fid) {
        waiting.add(fid);
        if (left.getAndIncrement() == 0) {
            workers.execute(this::work);
        }
    }

    /** Whether all have been closed, and no more are to be found. */
    boolean isIdle() {
        return !sweeping && left.get() == 0;
    }

    private void work() {
        int more;
        do {
            int done = 0;
            for (TreeFid fid = next(done); fid != null; fid = next(done)) {
                close.accept(fid);
                done++;
            }
            more = left.addAndGet(-done);
        } while (more > 0 && workers.isClosed());
        if (more > 0) {
            workers.execute(this::work);
        } else {
            tell();
        }
    }

    private TreeFid next(int done) {
        return done < PORTION ? waiting.poll() : null;
    }

    private void tell() {
        try {
            loop.execute(whenIdle);
        } catch (RejectedExecutionException e) {
            // The endpoint is stopping, and nobody waits for this any more.
            return;
        }
    }
}
