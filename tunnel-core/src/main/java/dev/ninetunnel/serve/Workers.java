package dev.ninetunnel.serve;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that do file work, which may block, for all conversations of an endpoint. They are platform threads,
 * because a system call that waits for a disk would pin a virtual one. Any thread may hand in work; work is begun in the
 * order in which it came.
 */
public final class Workers implements AutoCloseable {
    private static final int FEWEST = 12;
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSING_SECONDS = 10;

    private final Executor executor;

    /** As many threads as suit this machine. */
    public Workers() {
        this(Math.max(FEWEST, 2 * Runtime.getRuntime().availableProcessors()));
    }

    /** So many threads. */
    public Workers(int threads) {
        this(pool(threads));
    }

    /** On threads of the caller's, which closing leaves alone. */
    public Workers(Executor executor) {
        this.executor = executor;
    }

    private static ThreadPoolExecutor pool(int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "files-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                // After close there is only closing of files left to do, which must not be lost.
                (task, closed) -> task.run());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    void execute(Runnable work) {
        executor.execute(work);
    }

    /** Whether {@link #close} was called, so that who hands in more has to do it. */
    boolean isClosed() {
        return executor instanceof ThreadPoolExecutor pool && pool.isShutdown();
    }

    /** Lets what was handed in finish, for a while, and ends the threads. */
    @Override
    public void close() {
        if (executor instanceof ThreadPoolExecutor pool) {
            pool.shutdown();
            try {
                pool.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
