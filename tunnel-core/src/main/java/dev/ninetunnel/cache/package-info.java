/**
 * What this endpoint knows of a peer's files without asking: the holding side of leases (docs/coherence.md).
 *
 * <p>{@link dev.ninetunnel.cache.CachingServer} is a 9P2000.L server to one local client. What it does not know it asks the far
 * side ({@link dev.ninetunnel.cache.port.FarSide}); a fid exists there only when a request needs it there. {@link
 * dev.ninetunnel.cache.Holder} keeps what all local clients of a peer have been granted. The numbers of rules in comments are
 * those of docs/coherence.md. Everything of one peer belongs to one loop.
 */
package dev.ninetunnel.cache;
