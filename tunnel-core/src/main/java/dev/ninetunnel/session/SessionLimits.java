package dev.ninetunnel.session;

import dev.ninetunnel.link.Liveness;
import java.time.Duration;

/**
 * How long a session waits, and how much of it is remembered.
 *
 * @param opening how long the far side may take to prove who it is and to begin to speak
 * @param life how long a session without a link is remembered
 * @param liveness when a link that has gone silent is probed, and when it is given up
 * @param showAfter after how many bytes of replies without a request of our own one is sent, which shows the far side that
 *        they have arrived, so that it need not keep them
 * @param lease for how long a lease is good that either side grants the other, at most; zero for no leases
 */
public record SessionLimits(Duration opening, Duration life, Liveness liveness, long showAfter, Duration lease) {
    /** What serves everywhere: 10 seconds, 10 minutes, 1 MiB, leases of 10 seconds. */
    public static final SessionLimits STANDARD = new SessionLimits(Duration.ofSeconds(10), Duration.ofMinutes(10),
            Liveness.STANDARD, 1L << 20, Duration.ofSeconds(10));

    /** Whether a session outlives its link at all. */
    boolean lasting() {
        return !life.isZero();
    }

    /** Throws {@link IllegalArgumentException}, with a message for people, if a time makes no sense. */
    public SessionLimits {
        if (!opening.isPositive()) {
            throw new IllegalArgumentException("opening is more than 0: a connection needs time to begin to speak");
        }
        if (life.isNegative()) {
            throw new IllegalArgumentException("a session cannot be remembered for less than no time");
        }
        if (lease.isNegative()) {
            throw new IllegalArgumentException("a lease cannot be good for less than no time");
        }
    }

    /** The same, with another time that a session without a link is remembered; zero for not at all. */
    public SessionLimits withLife(Duration limit) {
        return new SessionLimits(opening, limit, liveness, showAfter, lease);
    }

    /** The same, with another time for who comes in to prove who it is, and to begin to speak. */
    public SessionLimits withOpening(Duration limit) {
        return new SessionLimits(limit, life, liveness, showAfter, lease);
    }

    /** The same, with other times for a silent link. */
    public SessionLimits withLiveness(Liveness times) {
        return new SessionLimits(opening, life, times, showAfter, lease);
    }

    /** The same, with another term of leases; zero for none. */
    public SessionLimits withLease(Duration term) {
        return new SessionLimits(opening, life, liveness, showAfter, term);
    }
}
