package dev.ninetunnel.lease;

import dev.ninetunnel.wire.LeaseKinds;

/** What one attach of a holder may know of one file. Belongs to the owner of the granter. */
final class Lease {
    final Holder holder;
    final Object attach;
    final Inode inode;
    /** Never used again in its session. */
    final long number;
    /** A sum of {@link dev.ninetunnel.wire.LeaseKinds}. */
    int kinds;
    /** Whether a reply has brought it. */
    boolean told;
    /** Whether it has been asked back, or cannot be; and since when. */
    boolean recalled;
    long recalledAt;
    /** Whether it is out no more because its term is over, though it has not been given up. */
    boolean taken;

    Lease(Holder holder, Object attach, Inode inode, long number) {
        this.holder = holder;
        this.attach = attach;
        this.inode = inode;
        this.number = number;
    }

    boolean isExclusive() {
        return (kinds & LeaseKinds.EXCLUSIVE) != 0;
    }

    /** Two attaches may be for the same user, and still be two. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Holder other, Object otherAttach) {
        return holder == other && attach == otherAttach;
    }
}
