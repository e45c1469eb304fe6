package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Ending;
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
    private Map<Ending, Stage> told = new HashMap<>();

    /** How near the end is. */
    private enum Stage {
        FAR, SOON, VERY_SOON, OVER
    }

    Expiry(Clock clock) {
        this.clock = clock;
    }

    /** Looks at all that ends some day, and says of which there is something to say. */
    synchronized List<String> look(List<Ending> endings) {
        Instant now = clock.instant();
        Map<Ending, Stage> stages = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (Ending ending : endings) {
            Stage stage = stage(ending, now);
            if (stage != Stage.FAR && !stages.containsKey(ending)) {
                String line = line(ending, stage, now);
                lines.add(line);
                if (stage.compareTo(told.getOrDefault(ending, Stage.FAR)) > 0) {
                    LOG.warn("{}", line);
                }
            }
            stages.put(ending, stage);
        }
        told = stages;
        return lines;
    }

    private static Stage stage(Ending ending, Instant now) {
        Duration left = Duration.between(now, ending.end());
        if (left.isNegative()) {
            return Stage.OVER;
        }
        if (!ending.early() || left.compareTo(SOON) > 0) {
            return Stage.FAR;
        }
        return left.compareTo(VERY_SOON) > 0 ? Stage.SOON : Stage.VERY_SOON;
    }

    private static String line(Ending ending, Stage stage, Instant now) {
        Instant end = ending.end().truncatedTo(ChronoUnit.SECONDS);
        if (stage == Stage.OVER) {
            return ending.what() + " ended on " + end + ": it has to be replaced";
        }
        long days = Duration.between(now, ending.end()).toDays();
        return ending.what() + " ends on " + end + ", in " + (days == 0
                ? "less than a day"
                : days == 1 ? "1 day" : days + " days") + ": renew it";
    }
}
