package dev.ninetunnel.session;

import dev.ninetunnel.lease.Recalls;
import dev.ninetunnel.mux.ClientRole;

/** Asks the far side of a session for leases that it was granted in the other direction. Belongs to the loop of the session. */
final class FarRecalls implements Recalls {
    private final ClientRole client;
    /** Whether the far side is not known to be from before such questions. */
    private boolean takesSeveral = true;

    FarRecalls(ClientRole client) {
        this.client = client;
    }

    @Override
    public void take(long lease, int lost, Runnable givenUp) {
        client.recall(lease, lost, givenUp);
    }

    @Override
    public void takeAll(long[] leases, Runnable givenUp) {
        if (takesSeveral) {
            client.recallAll(leases, givenUp, () -> {
                takesSeveral = false;
                each(leases, givenUp);
            });
        } else {
            each(leases, givenUp);
        }
    }

    private void each(long[] leases, Runnable givenUp) {
        Recalls.super.takeAll(leases, givenUp);
    }
}
