package dev.ninetunnel.cache.known;

import java.util.concurrent.TimeUnit;

/** How long the quickest answer of late took: about what the way there and back takes where nothing else is on it. */
public final class QuickestAnswer {
    /** What is older than one to two of these is forgotten: the way may be another one by now. */
    private static final long SPAN = TimeUnit.MINUTES.toNanos(1);

    private boolean begun;
    private long since;
    private long now = Long.MAX_VALUE;
    private long before = Long.MAX_VALUE;

    /** One has come, after so long; all in nanoseconds. */
    public void took(long at, long time) {
        if (!begun || at - since >= SPAN) {
            before = begun && at - since < 2 * SPAN ? now : Long.MAX_VALUE;
            now = Long.MAX_VALUE;
            since = at;
            begun = true;
        }
        now = Math.min(now, time);
    }

    /** In nanoseconds; {@link Long#MAX_VALUE} if none has come. */
    public long nanos() {
        return Math.min(now, before);
    }
}
