package dev.ninetunnel.link.dial;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: a few quick ones for a link that was merely cut, then doubling. Each
 * wait is shortened or lengthened by up to a quarter, so that many endpoints that lost the same host do not come back
 * all at once.
 *
 * @param quickTries how many tries come after the quick wait
 */
public record Backoff(int quickTries, Duration quick, Duration first, Duration longest) {
    /** For dialling a peer. */
    public static final Backoff DEFAULT = new Backoff(3, Duration.ofMillis(200), Duration.ofSeconds(1),
            Duration.ofSeconds(20));

    /** The wait before a try, the first after a loss being number 1. */
    public Duration before(int attempt, RandomGenerator random) {
        return jittered(attempt <= quickTries ? quick : doubled(attempt - quickTries - 1), random);
    }

    private Duration doubled(int times) {
        long millis = first.toMillis() << Math.min(times, 30);
        return millis < longest.toMillis() ? Duration.ofMillis(millis) : longest;
    }

    private static Duration jittered(Duration wait, RandomGenerator random) {
        return Duration.ofMillis((long) (wait.toMillis() * random.nextDouble(0.75, 1.25)));
    }
}
