package dev.ninetunnel.link.dial;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers on the way to whom large packets seem to be lost: where something stayed unacknowledged when a connection stalled, or
 * where several in a row have stalled, which a peer that is merely busy may cause once. Any thread may call.
 */
final class PacketHoles {
    /** The number of unexplained stalls in a row after which small packets are worth a try. */
    private static final int SUSPICIOUS = 2;

    private final Set<Destination> seen = ConcurrentHashMap.newKeySet();
    private final Map<Destination, Integer> stalls = new ConcurrentHashMap<>();

    /** How large the packets of the next connection may be. */
    SegmentSize next(Destination to) {
        return isSeen(to) || stalls.getOrDefault(to, 0) >= SUSPICIOUS ? SegmentSize.SMALL : SegmentSize.USUAL;
    }

    /** Whether something stayed unacknowledged there. */
    boolean isSeen(Destination to) {
        return seen.contains(to);
    }

    /** A connection came about, and then something stayed unacknowledged. */
    void see(Destination to) {
        seen.add(to);
    }

    /** One stalled; small packets that did not help are not tried the next time. */
    void stalled(Destination to, SegmentSize segmentSize) {
        if (segmentSize == SegmentSize.SMALL) {
            forget(to);
        } else {
            stalls.merge(to, 1, Integer::sum);
        }
    }

    /** One did not stall. */
    void passed(Destination to) {
        stalls.remove(to);
    }

    /** Nothing is known of the way there. */
    void forget(Destination to) {
        seen.remove(to);
        stalls.remove(to);
    }
}
