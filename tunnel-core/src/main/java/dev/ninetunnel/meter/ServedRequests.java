package dev.ninetunnel.meter;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MessageType;
import io.netty.util.concurrent.Ticker;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The requests of peers that are served, and how long each export took to answer: from when a request came to when the loop, at
 * the end of its turn, sends the replies that it has. On the loop.
 */
public final class ServedRequests {
    private static final int MOST_EXPORTS = 1_000;
    /** Stands for the exports that are too many to be told apart. */
    private static final String OTHER = "other";

    private final RequestCounts counts = new RequestCounts();
    private final Map<String, Latency> exports = new LinkedHashMap<>();
    private final Ticker ticker;
    private final TurnClock clock;
    /** The replies of this turn: when their requests came, and where that counts. */
    private long[] came = {};
    private Latency[] where = {};
    private int replies;

    /** With the loop's clock. */
    public ServedRequests(Ticker ticker) {
        this.ticker = ticker;
        this.clock = new TurnClock(ticker);
    }

    /** One comes. Returns when, for {@link #answered}. */
    public long comes(Dialect dialect, MessageType type) {
        counts.add(dialect, type);
        return clock.now();
    }

    /** No more come in this turn. */
    public void turnEnds() {
        clock.turnEnds();
    }

    /** Where it counts how long an export takes. */
    public Latency of(String export) {
        return exports.computeIfAbsent(exports.size() < MOST_EXPORTS || exports.containsKey(export) ? export : OTHER,
                name -> new Latency());
    }

    /** One that came then is answered, in the turn that {@link #repliesLeave} ends. */
    public void answered(long cameThen, Latency latency) {
        if (replies == came.length) {
            came = Arrays.copyOf(came, replies * 2 + 16);
            where = Arrays.copyOf(where, came.length);
        }
        came[replies] = cameThen;
        where[replies] = latency;
        replies++;
    }

    /** The replies that there are leave now. */
    public void repliesLeave() {
        if (replies > 0) {
            long now = ticker.nanoTime();
            for (int i = 0; i < replies; i++) {
                where[i].add(now - came[i]);
            }
            replies = 0;
        }
    }

    /** How many there were. */
    public RequestCounts counts() {
        return counts;
    }

    /** How long each export took, by its name. */
    public Map<String, Latency> latencies() {
        return exports;
    }
}
