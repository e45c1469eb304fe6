package dev.ninetunnel.serve;

import dev.ninetunnel.export.Rights;
import dev.ninetunnel.fs.DescriptorShare;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What one peer uses of what it may, over all its conversations. What is more than it may have is refused (attaches,
 * fids), or waits (requests). Used on the event loop only.
 */
public final class Quota {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final EventExecutor loop;
    private final Ticker ticker;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private final Map<ExportWorkers, ExportWorkers.Share> shares = new HashMap<>(2);
    private final DescriptorShare descriptors = new DescriptorShare();
    private Rights.Limits limits;
    private int attaches;
    private int fids;
    private long flight;
    /** When the next request could begin if none ever came at once; a second before now at the earliest. */
    private long due;
    private boolean alarmed;

    /** Nothing is used. */
    public Quota(EventExecutor loop, Rights.Limits limits) {
        this.loop = loop;
        this.ticker = loop.ticker();
        this.limits = limits;
        this.due = ticker.nanoTime() - SECOND;
    }

    /** From now on, others hold. What is used above them is not taken away. */
    public void change(Rights.Limits now) {
        limits = now;
        wake();
    }

    /** What the peer has of the descriptors of served files. */
    DescriptorShare descriptors() {
        return descriptors;
    }

    /** What the peer has of the workers of a lane. */
    ExportWorkers.Share share(ExportWorkers exportWorkers) {
        return shares.computeIfAbsent(exportWorkers, ExportWorkers.Share::new);
    }

    /** Counts an attach, or says that there are too many. */
    boolean attach() {
        if (attaches >= limits.attaches()) {
            return false;
        }
        attaches++;
        return true;
    }

    void detach() {
        attaches--;
    }

    /** Whether there is no room for another fid. */
    boolean isFull() {
        return fids >= limits.fids();
    }

    void beginFid() {
        fids++;
    }

    void endFid() {
        fids--;
    }

    /**
     * Lets a request begin, or has it wait.
     *
     * @param bytes it and its reply
     * @param again is done when it is worth asking again, unless this is true
     */
    boolean begin(long bytes, Runnable again) {
        if (flight > 0 && bytes > limits.bytesInFlight() - flight) {
            waiting.add(again);
            return false;
        }
        long now = ticker.nanoTime();
        long gap = SECOND / limits.requestsPerSecond();
        due = Math.max(due, now - SECOND);
        if (due + gap - now > 0) {
            waiting.add(again);
            alarm(due + gap - now);
            return false;
        }
        due += gap;
        flight += bytes;
        return true;
    }

    /** The bytes of requests that are under way. */
    long flight() {
        return flight;
    }

    /** A request that was let begin, and was over for a while, goes on. */
    void goOn(long bytes) {
        flight += bytes;
    }

    /** A request that was let begin is over. */
    void end(long bytes) {
        flight -= bytes;
        if (!waiting.isEmpty() && !alarmed) {
            wake();
        }
    }

    private void alarm(long nanos) {
        if (!alarmed) {
            alarmed = true;
            loop.schedule(() -> {
                alarmed = false;
                wake();
            }, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void wake() {
        List<Runnable> now = List.copyOf(waiting);
        waiting.clear();
        now.forEach(Runnable::run);
    }
}
