package dev.ninetunnel.mux;

import java.time.Duration;

/**
 * How much a {@link ClientRole} lets its local clients have at once. What goes beyond waits; nothing is lost by it.
 *
 * @param linkWait how long a Tversion waits for the conversation to open before it is answered with an error
 * @param closeGrace how long a connection that is being closed may take to read its last replies
 * @param clients most local connections; further ones are closed at once
 * @param requests most requests of one client that are with the far side
 * @param fids most fids of one client; beyond them a walk or attach is refused
 * @param queueBytes of requests of one client that wait here; beyond them its socket is not read
 * @param replyBytes of replies to one client that are expected from the far side or not yet read by the client.
 *        One request is let through even if its reply alone is larger, and small ones with small replies have 256 KiB more
 * @param conversationBytes of requests and expected replies of all clients together; a client within its equal share
 *        of it is let through even when others have taken the rest, and small requests have 1 MiB more
 * @param cleanups most requests of our own with the far side at once, that flush and clunk what clients left behind
 */
public record ClientLimits(
        Duration linkWait,
        Duration closeGrace,
        int clients,
        int requests,
        int fids,
        int queueBytes,
        int replyBytes,
        int conversationBytes,
        int cleanups) {

    private static final int MIB = 1 << 20;
    /** Each costs a few KiB and a descriptor. */
    private static final int MOST_CLIENTS = 16384;
    /** They have tags of their own, which clients' requests then lack. */
    private static final int MAX_CLEANUPS = 4096;

    public ClientLimits {
        if (linkWait.isNegative() || closeGrace.isNegative()) {
            throw new IllegalArgumentException("a time cannot be negative");
        }
        if (Math.min(Math.min(clients, requests), Math.min(fids, cleanups)) < 1) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
        if (cleanups > MAX_CLEANUPS) {
            throw new IllegalArgumentException(cleanups + " clean-ups at once: " + MAX_CLEANUPS + " is the most");
        }
        if (Math.min(Math.min(queueBytes, replyBytes), conversationBytes) < 1) {
            throw new IllegalArgumentException("a limit in bytes is at least 1");
        }
    }

    /**
     * What an endpoint has unless it is told otherwise. The replies to one client are what fills 1 Gbit/s with 40 ms there and
     * back, and half again.
     */
    public static ClientLimits standard() {
        return new ClientLimits(Duration.ofSeconds(10), Duration.ofSeconds(2), MOST_CLIENTS, 1024, MIB, 4 * MIB,
                8 * MIB, 16 * MIB, 64);
    }
}
