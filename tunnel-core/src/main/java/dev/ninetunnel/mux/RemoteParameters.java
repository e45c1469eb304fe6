package dev.ninetunnel.mux;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Extended;
import dev.ninetunnel.wire.Frame;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the two sides of an open conversation have agreed.
 *
 * @param msize the largest message, in bytes, at least {@link Frame#MIN_MSIZE}
 * @param dialects what the far side speaks: exactly one for a 9P server that is not ours; PLAIN and LINUX at once
 *        for one that is, where each fid has the dialect of the attach that it comes from
 * @param lease the term of leases; zero if there are none
 * @param extended whether it takes the messages of {@link Extended}
 */
public record RemoteParameters(int msize, Set<Dialect> dialects, Duration lease, boolean extended) {
    public RemoteParameters {
        if (msize < Frame.MIN_MSIZE) {
            throw new IllegalArgumentException("an msize of " + msize + ": " + Frame.MIN_MSIZE + " is the least");
        }
        if (dialects.isEmpty()) {
            throw new IllegalArgumentException("a far side that speaks no dialect");
        }
        dialects = Set.copyOf(EnumSet.copyOf(dialects));
    }

    /** Without leases, and with no messages but those of the dialects. */
    public RemoteParameters(int msize, Set<Dialect> dialects) {
        this(msize, dialects, Duration.ZERO, false);
    }

    /** The same, with leases of this term; zero for none. */
    public RemoteParameters withLease(Duration term) {
        return new RemoteParameters(msize, dialects, term, extended);
    }

    /** The same, where it is as said with the messages of {@link Extended}. */
    public RemoteParameters withExtended(boolean taken) {
        return new RemoteParameters(msize, dialects, lease, taken);
    }

    /** Whether either side may send what is of leases. */
    public boolean hasLeases() {
        return lease.isPositive();
    }

    boolean speaks(Dialect dialect) {
        return dialects.contains(dialect);
    }
}
