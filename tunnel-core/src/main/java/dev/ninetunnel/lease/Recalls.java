package dev.ninetunnel.lease;

import dev.ninetunnel.wire.LeaseKinds;

/** Takes recalls of leases. Called on the loop of the session. */
@FunctionalInterface
public interface Recalls {
    /** How many are asked back at once at most: the question fits the smallest message that may have been agreed on. */
    int MOST_TOGETHER = 500;

    /**
     * Takes one.
     *
     * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param givenUp to be run, on the same loop, when nothing is answered by the lease any more and nothing is left to be
     *     written by it
     */
    void take(long lease, int lost, Runnable givenUp);

    /**
     * Takes several, {@value #MOST_TOGETHER} at most, of all that they cover.
     *
     * @param givenUp as for one, when that goes for all of them
     */
    default void takeAll(long[] leases, Runnable givenUp) {
        int[] left = {leases.length};
        for (long lease : leases) {
            take(lease, LeaseKinds.ALL, () -> {
                if (--left[0] == 0) {
                    givenUp.run();
                }
            });
        }
        if (leases.length == 0) {
            givenUp.run();
        }
    }
}
