package dev.ninetunnel.mux;

import dev.ninetunnel.cache.port.HolderStatus;

/**
 * What the cache of a peer's files has done in all conversations.
 *
 * @param hits requests that were answered here
 * @param misses requests of the kinds that can be, and were not
 * @param breaks leases that the peer has asked back
 * @param writesBehind writes that were answered before the peer had them
 * @param writesFailed those of them that it has refused, or perhaps not received
 */
public record CacheTotals(long hits, long misses, long breaks, long writesBehind, long writesFailed) {
    static final CacheTotals NONE = new CacheTotals(0, 0, 0, 0, 0);

    /** These and others. */
    public CacheTotals plus(CacheTotals other) {
        return new CacheTotals(hits + other.hits, misses + other.misses, breaks + other.breaks,
                writesBehind + other.writesBehind, writesFailed + other.writesFailed);
    }

    CacheTotals plus(HolderStatus one) {
        return plus(new CacheTotals(one.hits(), one.misses(), one.breaks(), one.writesBehind(), one.writesFailed()));
    }
}
