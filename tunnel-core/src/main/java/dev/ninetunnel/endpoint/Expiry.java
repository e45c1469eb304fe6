package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Expiration;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of what is about to end: 30 days before, 7 days before, and when it has ended, each once in the log; and tells of all
 * of them whenever it is asked. Any thread.
 */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration VERY_SOON = Duration.ofDays(7);

    private final Clock clock;
    private Map<Expiration, Stage> told = new HashMap<>();

    /** How near the end is. */
    private enum Stage {
        FAR, SOON, VERY_SOON, OVER
    }

    Expiry(Clock clock) {
        this.clock = clock;
    }

    /** Looks at all that ends some day, and says of which there is something to say. */
    synchronized List<String> look(List<Expiration> endings) {
        Instant now = clock.instant();
        Map<Expiration, Stage> stages = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (Expiration expiration : endings) {
            Stage stage = stage(expiration, now);
            if (stage != Stage.FAR && !stages.containsKey(expiration)) {
                String line = line(expiration, stage, now);
                lines.add(line);
                if (stage.compareTo(told.getOrDefault(expiration, Stage.FAR)) > 0) {
                    LOG.warn("{}", line);
                }
            }
            stages.put(expiration, stage);
        }
        told = stages;
        return lines;
    }

    private static Stage stage(Expiration expiration, Instant now) {
        Duration left = Duration.between(now, expiration.end());
        if (left.isNegative()) {
            return Stage.OVER;
        }
        if (!expiration.early() || left.compareTo(SOON) > 0) {
            return Stage.FAR;
        }
        return left.compareTo(VERY_SOON) > 0 ? Stage.SOON : Stage.VERY_SOON;
    }

    private static String line(Expiration expiration, Stage stage, Instant now) {
        Instant end = expiration.end().truncatedTo(ChronoUnit.SECONDS);
        if (stage == Stage.OVER) {
            return expiration.what() + " ended on " + end + ": it has to be replaced";
        }
        long days = Duration.between(now, expiration.end()).toDays();
        return expiration.what() + " ends on " + end + ", in " + (days == 0
                ? "less than a day"
                : days == 1 ? "1 day" : days + " days") + ": renew it";
    }
}
