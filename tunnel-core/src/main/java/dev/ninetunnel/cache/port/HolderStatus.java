package dev.ninetunnel.cache.port;

/**
 * What the cache of a peer's files does.
 *
 * @param hits requests that were answered here since the session began
 * @param misses requests of the kinds that can be, and were not
 * @param leases those that are held
 * @param bytes what is kept, roughly
 * @param mostBytes what may be kept
 * @param breaks leases that the peer has asked back
 * @param writesBehind writes that were answered before the peer had them
 * @param writesFailed those of them that it has refused, or perhaps not received
 */
public record HolderStatus(long hits, long misses, long leases, long bytes, long mostBytes, long breaks,
        long writesBehind, long writesFailed) {}
