package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the granter hear of changes that programs of this host make, when nothing else happens: as they come, and once a second by a
 * look at each leased file, for what is written through a mapping is not told. On a thread of its own, which may wait for disks;
 * it also does what the granter wants done in the background.
 */
public final class HostChanges implements Executor, AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(HostChanges.class);

    private final EventExecutor owner;
    private final ChangeWatch watch;
    private final Granter granter;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "leases");
    private volatile boolean closed;

    /** Takes over the watch, and begins. */
    public HostChanges(EventExecutor owner, ChangeWatch watch, int most, int mostOfHolder) {
        this.owner = owner;
        this.watch = watch;
        this.granter = new Granter(owner, watch, this, most, mostOfHolder);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whom it tells. */
    public Granter granter() {
        return granter;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    private void run() {
        long looked = System.nanoTime();
        while (!closed) {
            long left = BETWEEN_LOOKS.toNanos() - (System.nanoTime() - looked);
            if (left > 0 && watch.await(Duration.ofNanos(left))) {
                onOwner(() -> {
                    granter.hearNow();
                    return List.of();
                });
            }
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            if (System.nanoTime() - looked >= BETWEEN_LOOKS.toNanos()) {
                onOwner(granter::watched).forEach(Granter.Watched::look);
                looked = System.nanoTime();
            }
        }
        watch.close();
    }

    private List<Granter.Watched> onOwner(Callable<List<Granter.Watched>> what) {
        try {
            return owner.submit(what).get();
        } catch (RejectedExecutionException | InterruptedException e) {
            closed = true; // the endpoint has stopped
        } catch (ExecutionException e) {
            LOG.error("changes by programs of this host could not be told; this is a fault in the program", e);
        }
        return List.of();
    }

    /** Ends it; the thread ends soon. */
    @Override
    public void close() {
        closed = true;
    }
}
