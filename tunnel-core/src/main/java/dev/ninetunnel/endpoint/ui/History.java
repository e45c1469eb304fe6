package dev.ninetunnel.endpoint.ui;

import dev.ninetunnel.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The last hour, as a ring of samples: for each peer, how much went to and fro a second, and how long it took to answer. On the
 * session loop.
 */
public final class History {
    /** Seconds between two samples. */
    public static final int STEP = 5;
    static final int SAMPLES = 3600 / STEP;
    /** The most peers that are kept: those after them have no plots. */
    public static final int MOST_PEERS = 64;
    private static final double NANOS_A_MILLI = 1e6;
    private static final double TENTHS = 10;

    /**
     * How much there has been with a peer since the endpoint started.
     *
     * @param sent in bytes
     * @param received in bytes
     * @param answers to requests of programs here
     * @param nanos that all of these took
     */
    public record Amounts(long sent, long received, long answers, long nanos) {}

    record Rates(double sent, double received, Double millis) {}

    record Sample(long number, Map<String, Rates> peers) {}

    /**
     * The samples that there are.
     *
     * @param next the number of the one that comes next
     */
    record Samples(long next, List<Sample> ring) {}

    private final Supplier<Map<String, Amounts>> amounts;
    private final List<Sample> ring = new ArrayList<>();
    private Map<String, Amounts> last = Map.of();
    private long samples;

    /** With what is sampled. */
    public History(Supplier<Map<String, Amounts>> amounts) {
        this.amounts = amounts;
    }

    /** Takes a sample; to be called each {@link #STEP}. */
    public void sample() {
        Map<String, Amounts> now = amounts.get();
        Map<String, Rates> rates = new LinkedHashMap<>();
        now.forEach((peer, amount) -> {
            Amounts before = last.get(peer);
            if (before != null) {
                rates.put(peer, rates(before, amount));
            }
        });
        last = now;
        Sample sample = new Sample(samples++, rates);
        if (ring.size() < SAMPLES) {
            ring.add(sample);
        } else {
            ring.set((int) (sample.number % SAMPLES), sample);
        }
    }

    private static Rates rates(Amounts before, Amounts now) {
        long answers = now.answers - before.answers;
        return new Rates((double) (now.sent - before.sent) / STEP, (double) (now.received - before.received) / STEP,
                answers <= 0 ? null : (now.nanos - before.nanos) / NANOS_A_MILLI / answers);
    }

    /** Those that there are now. */
    Samples now() {
        return new Samples(samples, List.copyOf(ring));
    }

    /** The samples from a number on, as JSON has them: for each, by peer, bytes sent and received a second, and milliseconds. */
    static Map<String, Object> since(Samples all, long number) {
        List<Object> told = new ArrayList<>();
        for (long n = Math.max(Math.max(0, number), all.next - SAMPLES); n < all.next; n++) {
            Map<String, Object> peers = new LinkedHashMap<>();
            all.ring.get((int) (n % SAMPLES)).peers.forEach((peer, rates) -> peers.put(peer,
                    Arrays.asList(Math.round(rates.sent), Math.round(rates.received),
                            rates.millis == null ? null : Math.round(rates.millis * TENTHS) / TENTHS)));
            told.add(peers);
        }
        return Json.object("step", STEP, "most", SAMPLES, "next", all.next, "samples", told);
    }
}
