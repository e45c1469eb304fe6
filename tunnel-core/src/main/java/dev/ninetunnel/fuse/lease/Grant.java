package dev.ninetunnel.fuse.lease;

import dev.ninetunnel.wire.LeaseKinds;

/** A lease on one file that the server has granted, until it is broken. Any thread. */
public final class Grant {
    private final KernelLeases from;
    private volatile int kinds;
    private volatile boolean broken;
    private volatile Kept file;
    /** By when the kernel has forgotten all names that it was given by this, in nanoseconds of the clock. */
    private volatile long namesUntil = Long.MIN_VALUE;

    Grant(KernelLeases from) {
        this.from = from;
    }

    void add(int more) {
        kinds |= more;
    }

    void remove(int lapsed) {
        kinds &= ~lapsed;
    }

    void breakOff() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }

    boolean holds(int kind) {
        return (kinds & kind) != 0;
    }

    /** What it is on; null until that is known. */
    Kept file() {
        return file;
    }

    void isOn(Kept what) {
        file = what;
    }

    long namesUntil() {
        return namesUntil;
    }

    /** For how many nanoseconds from now on the kernel may keep the attributes of the file. */
    public long attributesNanos() {
        return nanos(LeaseKinds.ATTRIBUTES);
    }

    /** For how many nanoseconds from now on the kernel may keep a name of the directory, or that it is absent. */
    public long namesNanos() {
        long nanos = Math.min(nanos(LeaseKinds.NAMES), from.mostForNames());
        if (nanos > 0) {
            namesUntil = Math.max(namesUntil, from.now() + nanos);
        }
        return nanos;
    }

    /** Whether what is read by it may be kept. */
    boolean isGoodFor(int kind) {
        return nanos(kind) > 0;
    }

    private long nanos(int kind) {
        return holds(kind) && from.isGood(this) ? from.left() : 0;
    }
}
