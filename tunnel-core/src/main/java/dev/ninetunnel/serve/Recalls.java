package dev.ninetunnel.serve;

/** Takes the recalls of leases that the far side has granted. Called on the event loop. */
@FunctionalInterface
public interface Recalls {
    /**
     * Takes one.
     *
     * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param givenUp to be run, on the event loop, when nothing is answered by the lease any more and nothing is left to be
     *     written by it
     */
    void take(long lease, int lost, Runnable givenUp);
}
