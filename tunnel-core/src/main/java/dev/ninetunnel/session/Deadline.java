package dev.ninetunnel.session;

import dev.ninetunnel.link.Link;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Closes a link whose far side has proven who it is, but does not begin to speak. What the proof took is part of its time. On the
 * link's loop.
 */
final class Deadline {
    private final Future<?> task;

    /** Looks, once the time is over, whether what was awaited has come about. */
    Deadline(Link link, Duration patience, BooleanSupplier met, String otherwise) {
        this(link, patience, met, () -> link.close(otherwise));
    }

    /** The same, with what is to be done otherwise. */
    Deadline(Link link, Duration patience, BooleanSupplier met, Runnable otherwise) {
        this.task = link.loop().schedule(() -> {
            if (!met.getAsBoolean()) {
                otherwise.run();
            }
        }, patience.minus(link.age()).toMillis(), TimeUnit.MILLISECONDS);
    }

    void cancel() {
        task.cancel(false);
    }
}
