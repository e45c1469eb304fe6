package dev.ninetunnel.link;

import java.time.Duration;

/**
 * When a silent link is probed, and when it is given up. NAT devices and firewalls forget connections that are silent for a
 * minute or more; some that are silent for 30 seconds.
 *
 * @param probe after how long a silence, in either direction, the far side is asked for a sign of life. Looked at four
 *        times in that time, so it may be a quarter late
 * @param dead after how long a silence of the far side, or how long a time in which it took nothing of what waited for it,
 *        the link is given up; may be late by as much
 */
public record Liveness(Duration probe, Duration dead) {
    /** Asks within 25 seconds, gives up within 45. */
    public static final Liveness STANDARD = new Liveness(Duration.ofSeconds(20), Duration.ofSeconds(40));

    public Liveness {
        if (!probe.isPositive() || dead.compareTo(probe.multipliedBy(3).dividedBy(2)) < 0) {
            throw new IllegalArgumentException("a link that is probed after " + probe.toMillis() / 1000.0
                    + " s of silence cannot be given up after " + dead.toMillis() / 1000.0
                    + " s: that must be half as long again at least, for the answer to come");
        }
    }

    Duration look() {
        return probe.dividedBy(4);
    }
}
