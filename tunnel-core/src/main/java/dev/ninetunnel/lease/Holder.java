package dev.ninetunnel.lease;

import java.util.LinkedHashSet;

/** A session whose far side may hold leases. Belongs to the owner of the granter. */
public final class Holder {
    final String peer;
    final Recalls recalls;
    /** How long the granter waits for it, in nanoseconds. */
    final long patience;
    /** The oldest first. */
    final LinkedHashSet<Lease> leases = new LinkedHashSet<>();
    final Returns returns = new Returns();
    /** How many of them have been asked back. */
    int recalled;
    /** When its last request came. */
    long heard;
    boolean ended;
    /** How many leases it has not given up within the term: it gets none meanwhile. */
    int silent;
    private long numbers;

    Holder(String peer, Recalls recalls, long patience, long now) {
        this.peer = peer;
        this.recalls = recalls;
        this.patience = patience;
        this.heard = now;
    }

    /** How many leases it has that have not been asked back. */
    int held() {
        return leases.size() - recalled;
    }

    long nextNumber() {
        return ++numbers;
    }

    /** When a lease may be taken that it has not given up: by then it has stopped to use it, whatever it has heard. */
    long due(Lease lease) {
        return Math.min(heard, lease.recalledAt) + patience;
    }
}
