package dev.ninetunnel.link;

import java.time.Duration;

/**
 * How long a link may take over things, and how much it may hold.
 *
 * @param lookup how long the lookup of a host's name may take
 * @param connect how long one address may take to accept a TCP connection
 * @param handshake how long the TLS handshake may take, from the first byte or from silence on
 * @param linger how long a closed connection waits for the other side to take in the last words
 * @param unacknowledged how long the other side's machine may leave sent bytes unacknowledged, where the system can see to it
 *        (TCP_USER_TIMEOUT, RFC 5482)
 * @param idle after how long a silence the kernel probes the connection by itself: for ordinary 9P clients, which we cannot
 *        ask anything
 * @param door how much of an endpoint they may use who come in, until they have proven who they are
 * @param firstFrame the largest frame to accept until an msize is agreed, in bytes
 * @param leastDepth the unsent bytes that a link takes before it wants no more, and the kernel too, where it can be told
 *        (TCP_NOTSENT_LOWAT): what waits above can still be overtaken, what waits there cannot. On a fast link more
 *        ({@link SendBufferTuner})
 */
public record LinkLimits(Duration lookup, Duration connect, Duration handshake, Duration linger,
        Duration unacknowledged, Duration idle, HandshakeLimits door, int firstFrame, int leastDepth) {
    /** For use; tests take shorter times. */
    public static final LinkLimits DEFAULT = new LinkLimits(Duration.ofSeconds(10), Duration.ofSeconds(10),
            Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(45), Duration.ofSeconds(20),
            HandshakeLimits.DEFAULT,
            8 << 10,
            4 << 10);

    /** The same with another time for the handshake. */
    public LinkLimits withHandshake(Duration limit) {
        return new LinkLimits(lookup, connect, limit, linger, unacknowledged, idle, door, firstFrame, leastDepth);
    }

    /** The same with other bounds for those who come in. */
    public LinkLimits withDoor(HandshakeLimits bounds) {
        return new LinkLimits(lookup, connect, handshake, linger, unacknowledged, idle, bounds, firstFrame, leastDepth);
    }
}
