package dev.ninetunnel.lease;

import java.util.ArrayList;
import java.util.List;

/** A request that changes files, from its arrival until it has been carried out. Belongs to the owner of the granter. */
public final class Change {
    final Holder holder;
    final Object attach;
    final boolean rights;
    final Runnable go;
    final List<Inode> inodes = new ArrayList<>(2);
    boolean waits;
    boolean over;

    Change(Holder holder, Object attach, boolean rights, Runnable go) {
        this.holder = holder;
        this.attach = attach;
        this.rights = rights;
        this.go = go;
    }

    /** Whether it makes wrong what this lease covers. The changer knows itself what it does, but for other attaches and their rights. */
    @SuppressWarnings("ReferenceEquality")
    boolean touches(Lease lease) {
        return holder == null || lease.holder != holder || (rights && lease.attach != attach);
    }
}
