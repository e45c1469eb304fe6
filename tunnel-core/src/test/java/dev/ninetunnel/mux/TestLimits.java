package dev.ninetunnel.mux;

import java.time.Duration;

/** Limits that make requests wait. */
final class TestLimits {
    private TestLimits() {}

    /** One request of a client is with the far side at a time. */
    static ClientLimits oneRequest() {
        return of(1, 4 << 20, 4 << 20, 16 << 20);
    }

    static ClientLimits of(int requests, int queueBytes, int replyBytes, int conversationBytes) {
        ClientLimits standard = ClientLimits.standard();
        return new ClientLimits(Duration.ofSeconds(10), Duration.ofSeconds(2), standard.clients(), requests,
                standard.fids(), queueBytes, replyBytes, conversationBytes, standard.cleanups());
    }

    static ClientLimits cleanups(int cleanups) {
        ClientLimits standard = ClientLimits.standard();
        return new ClientLimits(standard.linkWait(), standard.closeGrace(), standard.clients(), standard.requests(),
                standard.fids(), standard.queueBytes(), standard.replyBytes(), standard.conversationBytes(), cleanups);
    }
}
