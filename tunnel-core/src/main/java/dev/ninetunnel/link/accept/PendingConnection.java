package dev.ninetunnel.link.accept;

/**
 * A connection that a {@link HandshakeLimiter} has let in, from then on until it is closed. Its fields are the doorkeeper's; its
 * methods may be called on any thread.
 */
final class PendingConnection {
    /** How far it has come. */
    enum Stage {
        /** It has sent nothing so far. */
        SILENT,
        /** Its first bytes have come, and it waits for its turn. */
        WAITING, HANDSHAKE, LINK, OVER
    }

    final SourceState caller;
    final Waiter visitor;
    /** Whether its address was known when it came. */
    final boolean known;
    Stage stage = Stage.SILENT;
    /** Of which its handshake takes; null until its turn. */
    HandshakeShare share;
    /** When its turn came. */
    long begun;
    private final HandshakeLimiter keeper;

    PendingConnection(HandshakeLimiter keeper, SourceState sourceState, Waiter waiter, boolean known) {
        this.keeper = keeper;
        this.caller = sourceState;
        this.visitor = waiter;
        this.known = known;
    }

    /** Its first bytes have come. */
    void ready() {
        keeper.ready(this);
    }

    /** Its turn has been used, which took this time, in nanoseconds. */
    void heard(long nanos) {
        keeper.heard(this, nanos);
    }

    /** Its handshake has gone on, which took this time, in nanoseconds. */
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
