package dev.ninetunnel.meter;

import io.netty.util.concurrent.Ticker;

/** The time of the loop's turn, for all that happens in it: the clock is looked at once. On the loop. */
final class TurnClock {
    private final Ticker ticker;
    private long now;
    private boolean known;

    TurnClock(Ticker ticker) {
        this.ticker = ticker;
    }

    /** In nanoseconds, from any moment on. */
    long now() {
        if (!known) {
            now = ticker.nanoTime();
            known = true;
        }
        return now;
    }

    /** What comes from now on happens at another time. */
    void turnEnds() {
        known = false;
    }
}
