package dev.ninetunnel.lease;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.wire.LeaseKinds;

/** A read for whose reply a lease is wanted, from before it is carried out until it is answered. */
public final class Ask {
    final Holder holder;
    final Object attach;
    final Inode inode;
    final int want;
    /** The change that it is a part of; null for none. */
    final Change within;
    private final ChangeWatch watch;
    /** Null if none is to be had. */
    Lease lease;
    /** What is to be had of what is wanted. */
    int kinds;
    /** How many writes the file had seen before. */
    final int writes;
    private volatile Look seen;

    Ask(Holder holder, Object attach, Inode inode, int want, Change within, ChangeWatch watch) {
        this.holder = holder;
        this.attach = attach;
        this.inode = inode;
        this.want = want;
        this.within = within;
        this.watch = watch;
        this.writes = inode.writes;
    }

    /** Whether there may be a lease, if the file can be watched. */
    public boolean isRegistered() {
        return lease != null;
    }

    /** Whether nobody else may know of the file, if it can be watched. */
    public boolean isExclusive() {
        return (kinds & LeaseKinds.EXCLUSIVE) != 0;
    }

    /**
     * Looks at the file, before it is read, on the worker that does so.
     *
     * @return what it looks like; null if it cannot be watched, and so not be leased
     */
    public Attributes look(Node file) {
        Attributes now;
        try {
            now = inode.hold.open(watch, file);
        } catch (FsException e) {
            now = null; // what cannot be seen is not leased
        }
        seen = now == null ? null : Look.of(now);
        return now;
    }

    /** Whether what it has seen can be held against what else is known of the file: no write came between. */
    boolean isInOrder() {
        return writes == inode.writes && inode.behinds.isEmpty();
    }

    Look seen() {
        return seen;
    }
}
