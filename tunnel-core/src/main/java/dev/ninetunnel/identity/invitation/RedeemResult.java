package dev.ninetunnel.identity.invitation;

/** What came of a try to use an invitation. */
public sealed interface RedeemResult {
    /** The key is in the list of peers now, under this name; or was already, of an earlier try of the same peer. */
    record Accepted(String name) implements RedeemResult {}

    /**
     * Nothing has changed, but for the number of tries that are left.
     *
     * @param name of the one who was invited, as far as there is such an invitation; else empty
     * @param triesLeft how many wrong secrets end it
     */
    record Refused(Why why, String name, int triesLeft) implements RedeemResult {}

    /** Why not. */
    enum Why {
        /** There is no such invitation: there never was, it was withdrawn, or it is long over. */
        UNKNOWN,
        /** Its time is over. */
        EXPIRED,
        /** Another key has used it, or this one has, and was taken from the list of peers since. */
        USED,
        /** The secret is wrong. */
        SECRET,
        /** There were too many wrong secrets. */
        ENDED,
        /** This key is trusted already, under another name. */
        KEY,
        /** The name stands for another key, and the invitation is not to replace it. */
        NAME
    }
}
