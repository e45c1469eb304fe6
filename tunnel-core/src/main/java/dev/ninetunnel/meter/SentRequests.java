package dev.ninetunnel.meter;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MessageType;
import io.netty.util.concurrent.Ticker;

/** The requests of local programs that went to peers. On the loop. */
public final class SentRequests {
    private final RequestCounts counts = new RequestCounts();
    private final TurnClock clock;

    /** With the loop's clock. */
    public SentRequests(Ticker ticker) {
        clock = new TurnClock(ticker);
    }

    /** One leaves. Returns when, for {@link #answered}. */
    public long leaves(Dialect dialect, MessageType type) {
        counts.add(dialect, type);
        return clock.now();
    }

    /** One that left then has its reply. */
    public void answered(long left, Latency latency) {
        latency.add(clock.now() - left);
    }

    /** The loop has done what it was called for: what comes next happens at another time. */
    public void turnEnds() {
        clock.turnEnds();
    }

    /** How many there were. */
    public RequestCounts counts() {
        return counts;
    }
}
