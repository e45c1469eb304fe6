package dev.ninetunnel.fuse.lease;

import dev.ninetunnel.client.NineClient;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/** The kernel of one mount, which is told what it may not keep any more on threads that no answer needs. Any thread. */
public final class Kernel implements AutoCloseable {
    /** A notice waits for reads of its file that are under way; those of others go on meanwhile. */
    private static final int TELLERS = 16;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long SLEPT = Duration.ofSeconds(1).toNanos();

    private final Set<Rule> rules;
    private final LongSupplier clock;
    private volatile Notices notices = new Nobody();
    private volatile LongPredicate known = _ -> false;
    private final ThreadPoolExecutor tellers;
    private final ScheduledThreadPoolExecutor watch;
    private KernelLeases watched;
    private long slept;

    /**
     * Of a mount that is still to be made.
     *
     * @param clock in nanoseconds, and going on while the host sleeps
     */
    public Kernel(LongSupplier clock) {
        this(clock, EnumSet.allOf(Rule.class));
    }

    Kernel(LongSupplier clock, Set<Rule> rules) {
        this.rules = rules;
        this.clock = clock;
        ThreadFactory daemons = work -> {
            Thread thread = new Thread(work, "fuse-leases");
            thread.setDaemon(true);
            return thread;
        };
        this.tellers = new ThreadPoolExecutor(TELLERS, TELLERS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                daemons);
        this.tellers.allowCoreThreadTimeOut(true);
        this.watch = new ScheduledThreadPoolExecutor(1, daemons);
        this.slept = asleep();
    }

    /**
     * It is mounted: from now on the kernel may have something.
     *
     * @param device tells the kernel
     * @param table whether the kernel was given a file by this number and has not forgotten it
     */
    public void begin(Notices device, LongPredicate table) {
        notices = device;
        known = table;
    }

    /** What is held of a server that the kernel may be told to keep; empty if that grants nothing. */
    public Optional<KernelLeases> leases(NineClient client) {
        if (client.lease().isZero()) {
            return Optional.empty();
        }
        KernelLeases leases = leases(client.lease());
        client.hearRecalls(leases);
        return Optional.of(leases);
    }

    KernelLeases leases(Duration term) {
        return new KernelLeases(this, term);
    }

    boolean obeys(Rule rule) {
        return rules.contains(rule);
    }

    long now() {
        return clock.getAsLong();
    }

    boolean tellsNames() {
        return notices.tellsNames();
    }

    /** Does something that may wait for answers to the kernel. */
    void later(Runnable work) {
        try {
            tellers.execute(work);
        } catch (RejectedExecutionException _) {
            // It is unmounted.
        }
    }

    void names() {
        notices.names();
    }

    /**
     * Tells of a file. One that the kernel has been given, and does not know, is being taken up just now: it is told again, until the
     * time-outs that it was given are over.
     */
    void tell(long node, boolean data, long latest) {
        while (!notices.file(node, data) && known.test(node) && now() < latest
                && obeys(Rule.KERNEL_KEEPS_NO_LATE_REPLY)) {
            sleep(Duration.ofMillis(1).toNanos());
        }
    }

    /** Gives the kernel all that is in a file: see {@link Notices#content}. */
    public boolean content(long node, ByteBuf data) {
        return notices.content(node, data);
    }

    /** The attributes that the kernel has of a file are not to be kept; {@code then} runs when it knows. */
    public void forgetAttributes(long node, Runnable then) {
        later(() -> {
            notices.file(node, false);
            then.run();
        });
    }

    void sleepUntil(long time) {
        long left = time - now();
        if (time != Long.MIN_VALUE && left > 0) {
            sleep(left);
        }
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the end of the term

    /** Has leases looked at from now on, as long as any is good; those of a conversation before are over. */
    synchronized void watch(KernelLeases leases) {
        boolean idle = watched == null;
        watched = leases;
        if (idle) {
            lookLater();
        }
    }

    private void lookLater() {
        try {
            var _ = watch.schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // It is unmounted.
        }
    }

    private void look() {
        KernelLeases now;
        synchronized (this) {
            now = watched;
        }
        if (asleep() - slept > SLEPT) {
            now.slept();
        }
        slept = asleep();
        boolean goesOn = now.look();
        synchronized (this) {
            if (goesOn || watched != now) {
                lookLater();
            } else {
                watched = null;
            }
        }
    }

    /** For how long the host has slept since it was started, and some constant. */
    private long asleep() {
        return clock.getAsLong() - System.nanoTime();
    }

    /** Before anything is mounted. */
    private static final class Nobody implements Notices {
        @Override
        public boolean tellsNames() {
            return true;
        }

        @Override
        public void names() {}

        @Override
        public boolean file(long node, boolean data) {
            return false;
        }

        @Override
        public boolean content(long node, ByteBuf data) {
            return false;
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        tellers.shutdownNow();
    }
}
