package dev.ninetunnel.link.accept;

import java.util.concurrent.TimeUnit;

/** So many in a second, and those of a few seconds at once (a token bucket). Times are nanoseconds; for one thread at a time. */
final class TokenBucket {
    private final long gap;
    private final long span;
    /** When the next could begin if none ever came at once. */
    private long due;

    /** Of which none has been used. */
    TokenBucket(int perSecond, int secondsAtOnce, long now) {
        this.gap = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.span = Math.max(gap, TimeUnit.SECONDS.toNanos(secondsAtOnce));
        this.due = now - span;
    }

    /** How long no other may begin; 0 if one may. */
    long delay(long now) {
        catchUp(now);
        return Math.max(0, due + gap - now);
    }

    /** Another begins. */
    void take(long now) {
        catchUp(now);
        due += gap;
    }

    /** One that has begun is not to count. */
    void giveBack() {
        due -= gap;
    }

    /** Whether it is as new. */
    boolean isUnused(long now) {
        return due - (now - span) <= 0;
    }

    private void catchUp(long now) {
        if (isUnused(now)) {
            due = now - span;
        }
    }
}
