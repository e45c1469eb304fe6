package dev.ninetunnel.endpoint.metrics;

import dev.ninetunnel.link.Traffic;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.mux.CacheTotals;
import java.time.Duration;
import java.util.Optional;

/**
 * What is counted of a peer, since the endpoint knows it.
 *
 * @param linked how many peers of this one, which has a link over which something was heard of late
 * @param links the links that have come up, by whichever side they were dialled
 * @param resumes how often its session has gone on with another link
 * @param roundTrip how long it took to answer when it was last asked for a sign of life, if it was
 * @param asking what local programs have at it
 * @param served what it has here
 * @param queued bytes that wait to be sent to it, or are kept in case it lacks them
 */
public record PeerCounts(String name, int linked, Links links, long resumes, Optional<Duration> roundTrip,
        Asking asking, Served served, long queued, Cache cache) {
    /** Adds up peers that are not told apart. */
    PeerCounts plus(PeerCounts other) {
        Latency both = asking.latency.copy();
        both.add(other.asking.latency);
        return new PeerCounts(name, linked + other.linked, links.plus(other.links), resumes + other.resumes,
                Optional.empty(),
                new Asking(asking.clients + other.asking.clients, asking.fids + other.asking.fids,
                        asking.requests + other.asking.requests, both),
                new Served(served.fids + other.served.fids, served.requests + other.served.requests),
                queued + other.queued, cache.plus(other.cache));
    }

    PeerCounts named(String other) {
        return new PeerCounts(other, linked, links, resumes, roundTrip, asking, served, queued, cache);
    }

    /**
     * All its links.
     *
     * @param made how many have come up
     */
    public record Links(long made, Traffic.Amount sent, Traffic.Amount received) {
        /** None so far. */
        public static final Links NONE = new Links(0, Traffic.Amount.NOTHING, Traffic.Amount.NOTHING);

        /** These and others. */
        public Links plus(Links other) {
            return new Links(made + other.made, sent.plus(other.sent), received.plus(other.received));
        }
    }

    /**
     * What local programs have at it.
     *
     * @param requests those that it has not answered
     * @param latency its answers until now; a copy
     */
    public record Asking(int clients, int fids, int requests, Latency latency) {}

    /**
     * What it has here.
     *
     * @param requests those in progress
     */
    public record Served(int fids, int requests) {}

    /**
     * What is kept of its files.
     *
     * @param leases those that are held
     */
    public record Cache(long bytes, long mostBytes, long leases, CacheTotals totals) {
        Cache plus(Cache other) {
            return new Cache(bytes + other.bytes, mostBytes + other.mostBytes, leases + other.leases,
                    totals.plus(other.totals));
        }
    }
}
