package dev.ninetunnel.link;

/**
 * A connection that a {@link Doorkeeper} has let in, from then on until it is closed. Its fields are the doorkeeper's; its
 * methods may be called on any thread.
 */
final class Visit {
    /** How far it has come. */
    enum Stage {
        /** It has sent nothing so far. */
        SILENT,
        /** Its first bytes have come, and it waits for its turn. */
        WAITING, HANDSHAKE, LINK, OVER
    }

    final Caller caller;
    final Visitor visitor;
    /** Whether its address was known when it came. */
    final boolean known;
    Stage stage = Stage.SILENT;
    /** Of which its handshake takes; null until its turn. */
    Share share;
    /** When its turn came. */
    long begun;
    private final Doorkeeper keeper;

    Visit(Doorkeeper keeper, Caller caller, Visitor visitor, boolean known) {
        this.keeper = keeper;
        this.caller = caller;
        this.visitor = visitor;
        this.known = known;
    }

    /** Its first bytes have come. */
    void ready() {
        keeper.ready(this);
    }

    /** Its turn has been used, which took so many nanoseconds. */
    void heard(long nanos) {
        keeper.heard(this, nanos);
    }

    /** Its handshake has gone on, which took so many nanoseconds. */
    void worked(long nanos) {
        keeper.worked(this, nanos);
    }

    /** The other side has proven that it is a peer, and there is a link. */
    void proven() {
        keeper.proven(this);
    }

    /** The connection is closed. */
    void over() {
        keeper.over(this);
    }
}
