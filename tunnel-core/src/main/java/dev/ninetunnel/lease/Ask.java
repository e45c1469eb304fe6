package dev.ninetunnel.lease;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;

/** A read for whose reply a lease is wanted, from before it is carried out until it is answered. */
public final class Ask {
    final Holder holder;
    final Object attach;
    final Inode inode;
    final int want;
    private final ChangeWatch watch;
    /** Null if none is to be had. */
    Lease lease;
    private volatile Look seen;

    Ask(Holder holder, Object attach, Inode inode, int want, ChangeWatch watch) {
        this.holder = holder;
        this.attach = attach;
        this.inode = inode;
        this.want = want;
        this.watch = watch;
    }

    /** Whether there may be a lease, if the file can be watched. */
    public boolean isRegistered() {
        return lease != null;
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

    Look seen() {
        return seen;
    }
}
