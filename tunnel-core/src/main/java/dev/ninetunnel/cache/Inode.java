package dev.ninetunnel.cache;

import java.util.ArrayList;
import java.util.List;

/** A file of the peer, by the path of its qid, while anything about it is known or asked. */
final class Inode {
    final long path;
    /** Whether it is known to be no directory. */
    boolean isFile;
    /** Of any attach. */
    final List<Lease> leases = new ArrayList<>(1);
    /** What is asked about it and not answered. */
    final List<Ask> asks = new ArrayList<>(2);
    /** Changes by local clients that are about to be sent, or not answered. */
    final List<Change> changes = new ArrayList<>(1);

    Inode(long path) {
        this.path = path;
    }

    boolean isIdle() {
        return leases.isEmpty() && asks.isEmpty() && changes.isEmpty();
    }
}
