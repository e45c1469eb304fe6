package dev.ninetunnel.client;

/** Hears what becomes of the leases that a server has granted, on the event loop of the client, which it must not block. */
public interface Recalls {
    /**
     * The server wants a lease back. What comes later was answered later.
     *
     * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param givenUp to be run, on any thread, when nothing is taken from what it covered any more
     */
    void recalled(long lease, int lost, Runnable givenUp);

    /** The conversation is over, and with it all leases. */
    void lost();
}
