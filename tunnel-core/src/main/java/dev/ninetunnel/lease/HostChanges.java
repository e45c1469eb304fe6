package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the granter hear of changes that programs of this host make, when nothing else happens: as they come, and once a second by a
 * look at each leased file, for what is written through a mapping is not told. One thread waits for the first, another may wait
 * for disks, so that one that does not answer keeps nothing from being heard of.
 */
public final class HostChanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostChanges.class);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final long BETWEEN_LOOKS_MILLIS = 1_000;
    /** What peers write brings events as well, of which the owner hears before it answers: it is not to be woken for each. */
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventExecutor owner;
    private final ChangeWatch watch;
    private final Granter granter;
    private final GrantRecord record;
    private final ExecutorService disks = Executors.newSingleThreadExecutor(task -> daemon(task, "leased-files"));
    private Future<?> looks;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Takes over the watch and the record.
     *
     * @param record in which is written down who may hold leases
     */
    public HostChanges(EventExecutor owner, ChangeWatch watch, GrantRecord record, int most, int mostOfHolder) {
        this.record = record;
        this.owner = owner;
        this.watch = watch;
        this.granter = new Granter(owner, watch, this::onDisks, most, mostOfHolder);
    }

    /** Begins, once. */
    public void start() {
        owner.execute(() -> granter.keepRecord(record));
        looks = owner.scheduleWithFixedDelay(this::look, BETWEEN_LOOKS_MILLIS, BETWEEN_LOOKS_MILLIS,
                TimeUnit.MILLISECONDS);
        daemon(this::hear, "leases").start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Whom it tells. */
    public Granter granter() {
        return granter;
    }

    private void hear() {
        while (!closed) {
            if (watch.await(LONGEST_WAIT)) {
                hearOnOwner();
                LockSupport.parkNanos(REST);
            }
        }
        watch.close();
    }

    private void hearOnOwner() {
        try {
            owner.submit(granter::hearNow).get();
        } catch (RejectedExecutionException | CancellationException | InterruptedException e) {
            closed = true; // the endpoint has stopped
        } catch (ExecutionException e) {
            LOG.error("changes by programs of this host could not be told; this is a fault in the program", e);
        }
    }

    /** On the owner. */
    private void look() {
        if (!granter.isIdle() && looking.compareAndSet(false, true)) {
            Watched files = granter.watched();
            onDisks(() -> {
                try {
                    files.look();
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    private void onDisks(Runnable task) {
        try {
            disks.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the endpoint has stopped", e);
        }
    }

    /** Ends it when the owner has ended; its threads end soon. */
    @Override
    public void close() {
        closed = true;
        record.end(granter.holding());
        if (looks != null) {
            looks.cancel(false);
        }
        granter.close();
        disks.shutdown();
    }
}
