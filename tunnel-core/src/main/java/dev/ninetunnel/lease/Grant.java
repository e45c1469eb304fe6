package dev.ninetunnel.lease;

/**
 * What comes with a reply.
 *
 * @param kinds a sum of {@link dev.ninetunnel.wire.LeaseKinds}; 0 for nothing
 * @param lease its number; it means nothing then
 */
public record Grant(int kinds, long lease) {
    /** Nothing may be kept. */
    public static final Grant NONE = new Grant(0, 0);
}
