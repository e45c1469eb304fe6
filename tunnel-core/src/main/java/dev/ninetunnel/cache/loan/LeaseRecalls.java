package dev.ninetunnel.cache.loan;

/** Asks one local client to give up leases that it was granted here. Belongs to the loop of the client role. */
@FunctionalInterface
public interface LeaseRecalls {
    /**
     * Asks for a lease back, before every reply that is written later; {@code givenUp} runs when the client has said that it has given
     * it up, and never once the client has left.
     *
     * @param kinds a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     */
    void recall(long lease, int kinds, Runnable givenUp);
}
