package dev.ninetunnel.lease;

/** Takes recalls of leases. Called on the loop of the session. */
@FunctionalInterface
public interface Recalls {
    /**
     * Takes one.
     *
     * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param givenUp to be run, on the same loop, when nothing is answered by the lease any more and nothing is left to be
     *     written by it
     */
    void take(long lease, int lost, Runnable givenUp);
}
