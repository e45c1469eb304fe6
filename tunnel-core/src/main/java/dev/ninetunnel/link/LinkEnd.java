package dev.ninetunnel.link;

/**
 * How a link came to its end.
 *
 * @param reason for people, as the end of a sentence
 */
public record LinkEnd(Kind kind, String reason) {
    /** What it means for the session that the link carried. */
    public enum Kind {
        /** The peer said goodbye, in a way that cannot be forged. */
        GOODBYE,
        /** The connection broke; the peer may know nothing of it. */
        LOST,
        /** The peer sent what is not 9P; this endpoint closed. */
        BROKEN,
        /**
         * The peer does not accept this endpoint's certificate. In TLS 1.3 the side that dialled learns it only after
         * its own handshake has ended well.
         */
        REFUSED,
        /** The two endpoints speak no 9P in common; this endpoint closed. */
        INCOMPATIBLE,
        /** This endpoint closed. */
        LOCAL
    }
}
