package dev.ninetunnel.serve;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that do file work, which may block, for all conversations of an endpoint. They are platform threads,
 * because a system call that waits for a disk would pin a virtual one. Who may use one is decided by the {@link ExportWorkers} of
 * each export, on the event loop; a thread is started when there is none to spare and ends when it has been idle.
 */
public final class Workers implements AutoCloseable {
    /** All exports together take no more, but that each may have one. */
    private static final int MOST = 96;
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSING_SECONDS = 10;
    private static final long CLOSING_STEP_MILLIS = 100;

    private final Executor executor;
    private final int most;
    private final Map<Object, ExportWorkers> lanes = new HashMap<>();
    private int taken;

    /** As many threads as are wanted, within the bounds. */
    public Workers() {
        this(MOST);
    }

    /** At most the given number of threads, and one for each export beyond that. */
    public Workers(int threads) {
        this(pool(), threads);
    }

    /** On threads of the caller's, which closing leaves alone. */
    public Workers(Executor executor) {
        this(executor, MOST);
    }

    private Workers(Executor executor, int most) {
        this.executor = executor;
        this.most = most;
    }

    private static ThreadPoolExecutor pool() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "files-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                // After close there is only closing of files left to do, which must not be lost.
                (task, closed) -> task.run());
    }

    /**
     * An export of which a disk does not answer.
     *
     * @param export its name and the directory
     * @param since for how long
     * @param workers how many are taken
     */
    public record Hang(String export, Duration since, int workers) {
        @Override
        public String toString() {
            return export + ": its disk has not answered for " + since.toSeconds() + " s; " + workers
                    + " requests wait for it, and only those on this export";
        }
    }

    /** The exports of which a disk has not answered for so long or longer. On the event loop. */
    public List<Hang> hangs(Duration atLeast) {
        return lanes.values().stream().map(exportWorkers -> exportWorkers.hang(atLeast)).flatMap(Optional::stream)
                .toList();
    }

    /** How many threads do file work now. On the event loop. */
    public int busy() {
        return taken;
    }

    /** How many of these wait for a disk that has not answered for a second or longer. On the event loop. */
    public int hanging() {
        return lanes.values().stream().mapToInt(ExportWorkers::hanging).sum();
    }

    /** The lane of what is on one disk, as far as is known: what an export is made of. On the event loop. */
    ExportWorkers lane(Object key, String name, Ticker ticker) {
        return lanes.computeIfAbsent(key, k -> new ExportWorkers(name, this, ticker));
    }

    /** Whether a lane may take one more: the first in any case, another while it has fewer than are left for all. */
    boolean allow(ExportWorkers exportWorkers) {
        return exportWorkers.has() == 0 || exportWorkers.has() < most - taken;
    }

    void taken() {
        taken++;
    }

    /** One is free again; a lane that had its share may take it. */
    void given() {
        boolean scarce = taken > most / 2;
        taken--;
        if (scarce) {
            lanes.values().stream().filter(ExportWorkers::isWanted).toList().forEach(ExportWorkers::pump);
        }
    }

    /** Has a worker that was taken do something. */
    void execute(Runnable work) {
        executor.execute(work);
    }

    /**
     * Lets what was handed in finish, for a while, and ends the threads. When the event loop has ended. What waits for a
     * disk that does not answer is left to itself: such threads do not keep the process.
     */
    @Override
    public void close() {
        if (executor instanceof ThreadPoolExecutor pool) {
            pool.shutdown();
            try {
                long steps = TimeUnit.SECONDS.toMillis(CLOSING_SECONDS) / CLOSING_STEP_MILLIS;
                for (long i = 0; i < steps && !onlyHangs(pool)
                        && !pool.awaitTermination(CLOSING_STEP_MILLIS, TimeUnit.MILLISECONDS); i++) {
                    // Longer, then.
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean onlyHangs(ThreadPoolExecutor pool) {
        int hanging = hanging();
        return hanging > 0 && pool.getActiveCount() <= hanging;
    }
}
