package dev.ninetunnel.lease;

import java.util.List;
import java.util.function.Predicate;

/** Something that begins when nobody else has leases any more that it touches. Belongs to the owner of the granter. */
public final class Waiter {
    /** Whose it is; null for one that holds no leases. */
    final Holder holder;
    final List<Inode> inodes;
    /** Whether it makes wrong what is known of them. */
    final boolean changes;
    private final Predicate<Lease> touches;
    private final Runnable go;
    private boolean waits = true;

    Waiter(Holder holder, List<Inode> inodes, boolean changes, Predicate<Lease> touches, Runnable go) {
        this.holder = holder;
        this.inodes = inodes;
        this.changes = changes;
        this.touches = touches;
        this.go = go;
    }

    /** Whether it has not begun. */
    public boolean waits() {
        return waits;
    }

    boolean touches(Lease lease) {
        return touches.test(lease);
    }

    /** It waits no more: it is about to begin, or will not. */
    void leave() {
        waits = false;
        inodes.forEach(inode -> inode.waiting.remove(this));
    }

    void begin() {
        go.run();
    }
}
