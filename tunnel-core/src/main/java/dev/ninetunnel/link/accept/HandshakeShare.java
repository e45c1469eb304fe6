package dev.ninetunnel.link.accept;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * How much handshakes of one kind may take up: a part of the loop's time, so that whatever they cost on this machine and
 * however busy it is, the rest is for the links; and room for those under way. For the {@link HandshakeLimiter}, under whose lock it
 * is used. Times are nanoseconds.
 */
final class HandshakeShare {
    /** So many may be under way: enough for the way there and back, and so few that each is over soon. */
    static final int UNDER_WAY = 64;
    /** After this, who is under way makes room for another when there is none. */
    static final Duration ENOUGH = Duration.ofSeconds(3);

    private static final int WHOLE = 100;

    private final int percent;
    private final SequencedSet<PendingConnection> underWay = new LinkedHashSet<>();
    private long free;

    /** So much in a hundred, from now on. */
    HandshakeShare(int percent, long now) {
        this.percent = percent;
        this.free = now;
    }

    /** How long no other may begin; 0 if one may. */
    long delay(long now) {
        long room = underWay.size() < UNDER_WAY ? 0 : underWay.getFirst().begun + ENOUGH.toNanos() - now;
        return Math.max(0, Math.max(free - now, room));
    }

    /** One begins. Returns the one that has to make room for it, or null. */
    PendingConnection begin(PendingConnection pendingConnection) {
        PendingConnection oldest = underWay.size() < UNDER_WAY ? null : underWay.getFirst();
        underWay.add(pendingConnection);
        return oldest;
    }

    /** One is under way no more. */
    void end(PendingConnection pendingConnection) {
        underWay.remove(pendingConnection);
    }

    /** So much has just been done for one. */
    void worked(long nanos, long now) {
        long since = now - nanos;
        free = (free - since > 0 ? free : since) + nanos * WHOLE / percent;
    }
}
