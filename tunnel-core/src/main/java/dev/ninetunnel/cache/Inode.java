package dev.ninetunnel.cache;

import dev.ninetunnel.cache.behind.FileWrites;
import java.util.ArrayList;
import java.util.List;

/** A file of the peer, by the path of its qid, while anything about it is known or asked. */
final class Inode {
    final long path;
    /** Whether it is known to be no directory. */
    boolean isFile;
    /** Of any attach. */
    final List<Lease> leases = new ArrayList<>(0);
    /** What is asked about it and not answered. */
    final List<Ask> asks = new ArrayList<>(0);
    /** Changes by local clients that are about to be sent, or not answered. */
    final List<Change> changes = new ArrayList<>(0);

    /** What is written behind to it, and by whom; null if nobody has since it was opened. */
    FileWrites writes;

    Inode(long path) {
        this.path = path;
    }

    /** Whether the far side has not answered all that was written behind to it. */
    boolean isBehind() {
        return writes != null && !writes.areDone();
    }

    /** Whether a change of our own is under way, which may have been answered here. */
    boolean isChanging() {
        return !changes.isEmpty() || isBehind();
    }

    boolean isIdle() {
        return leases.isEmpty() && asks.isEmpty() && changes.isEmpty() && writes == null;
    }
}
