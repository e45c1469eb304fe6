package dev.ninetunnel.fuse.lease;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.wire.LeaseKinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The leases that are held in one conversation with the server. They are good for a term from when the latest question was put that was
 * answered by one; the kernel is told to keep things for a second less, for it takes them up a little later. Any thread.
 */
public final class KernelLeases implements NineClient.Recalls {
    private static final long TAKEN_UP_WITHIN = Duration.ofSeconds(1).toNanos();
    /** Where names cannot be told, a lease on them is given up when they have lapsed: others wait for that. */
    private static final long UNTOLD_NAMES = Duration.ofSeconds(1).toNanos();

    private final Kernel kernel;
    private final long term;
    private final Map<Long, Grant> byNumber = new HashMap<>();
    /** Written under the lock, read without it: who holds the lock on a file asks for it, and others take that lock under this one. */
    private volatile long until = Long.MIN_VALUE;
    private LongConsumer renewal = _ -> {};
    private boolean renewing;

    KernelLeases(Kernel kernel, Duration term) {
        this.kernel = kernel;
        this.term = term.toNanos();
    }

    /** Has the lease on a file renewed by this, before what is kept of an open file would lapse. */
    public void renewBy(LongConsumer askAboutNode) {
        synchronized (this) {
            renewal = askAboutNode;
        }
    }

    /** The time of the clock, in nanoseconds. */
    public long now() {
        return kernel.now();
    }

    /** For how many nanoseconds from now on the kernel may keep anything; 0 for not at all. */
    long left() {
        long end = until;
        if (end == Long.MIN_VALUE) {
            return 0;
        }
        return kernel.obeys(Rule.KERNEL_TERM) ? Math.max(0, end - now() - TAKEN_UP_WITHIN) : term;
    }

    boolean isGood(Grant grant) {
        return !grant.isBroken() || !kernel.obeys(Rule.KERNEL_KEEPS_NO_LATE_REPLY);
    }

    long mostForNames() {
        return kernel.tellsNames() ? Long.MAX_VALUE : UNTOLD_NAMES;
    }

    /** A reply has brought leases; the question was put at this time of the clock. Called where replies and recalls come in. */
    synchronized Grant granted(long number, int kinds, long asked) {
        until = Math.max(until, asked + term);
        renewing = false;
        Grant grant = byNumber.computeIfAbsent(number, _ -> new Grant(this));
        grant.add(kinds);
        kernel.watch(this);
        return grant;
    }

    @Override
    public void recalled(long lease, int lost, Runnable givenUp) {
        Grant grant;
        synchronized (this) {
            grant = byNumber.remove(lease);
        }
        if (grant == null) {
            givenUp.run();
            return;
        }
        grant.breakOff();
        if (!kernel.obeys(Rule.KERNEL_TOLD_BEFORE_ACK)) {
            givenUp.run();
            return;
        }
        kernel.later(() -> {
            tell(grant);
            givenUp.run();
        });
    }

    @Override
    public void lost() {
        List<Grant> all;
        synchronized (this) {
            all = List.copyOf(byNumber.values());
            byNumber.clear();
        }
        all.forEach(Grant::breakOff);
        all.forEach(grant -> kernel.later(() -> tell(grant)));
    }

    /** The kernel forgets what it has by a lease that is broken. */
    private void tell(Grant grant) {
        Kept file = grant.file();
        if (file == null) {
            return;
        }
        if (grant.holds(LeaseKinds.NAMES)) {
            tellNames(grant);
        }
        kernel.tell(file.node(), file.drop(), latest());
    }

    /** What the kernel has read of a file is dropped; reads that are under way are waited for elsewhere. */
    public void drop(Kept file) {
        kernel.later(() -> kernel.tell(file.node(), file.drop(), latest()));
    }

    private void tellNames(Grant grant) {
        if (kernel.tellsNames()) {
            kernel.names();
        } else {
            kernel.sleepUntil(grant.namesUntil());
        }
    }

    /** By when the kernel has forgotten what it was told to keep for a time. */
    private long latest() {
        return until;
    }

    // ---- the end of the term

    /**
     * Looks whether the term ends: contents of files that are open have no time-out in the kernel, for a mapping shows them.
     *
     * @return whether to look again
     */
    boolean look() {
        List<Grant> shown = new ArrayList<>();
        LongConsumer ask;
        boolean lapsed;
        synchronized (this) {
            byNumber.values().stream().filter(grant -> grant.file() != null && grant.file().showsData())
                    .forEach(shown::add);
            lapsed = left() == 0;
            ask = renewing ? null : renewal;
            renewing |= !shown.isEmpty() && left() < term / 2;
            if (!renewing) {
                ask = null;
            }
        }
        if (lapsed) {
            shown.forEach(this::lapse);
        } else if (ask != null && !shown.isEmpty()) {
            ask.accept(shown.getFirst().file().node());
        }
        return !lapsed;
    }

    private void lapse(Grant grant) {
        Kept file = grant.file();
        grant.remove(LeaseKinds.DATA);
        file.read(null);
        kernel.later(() -> kernel.tell(file.node(), true, latest()));
    }

    /** The host has slept, and the kernel's time-outs with it. */
    void slept() {
        List<Grant> all;
        synchronized (this) {
            all = List.copyOf(byNumber.values());
        }
        all.forEach(grant -> kernel.later(() -> tell(grant)));
    }
}
