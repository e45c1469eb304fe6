package dev.ninetunnel.link;

import io.netty.util.AttributeKey;

/** A connection that a {@link Doorkeeper} has let in, from then on until it is closed. On the connection's loop. */
final class Visit {
    static final AttributeKey<Visit> OF = AttributeKey.valueOf(Visit.class, "of");

    private enum Stage {
        HANDSHAKE, LINK, OVER
    }

    private final Doorkeeper keeper;
    private final Caller caller;
    private final boolean known;
    private Stage stage = Stage.HANDSHAKE;

    Visit(Doorkeeper keeper, Caller caller, boolean known) {
        this.keeper = keeper;
        this.caller = caller;
        this.known = known;
    }

    /** The other side has proven that it is a peer, and there is a link. */
    void proven() {
        if (stage == Stage.HANDSHAKE) {
            stage = Stage.LINK;
            keeper.handshakeEnds(caller, known, true);
        }
    }

    /** The connection is closed. */
    void over() {
        switch (stage) {
            case HANDSHAKE -> keeper.handshakeEnds(caller, known, false);
            case LINK -> keeper.linkEnds(caller);
            case OVER -> {}
        }
        stage = Stage.OVER;
    }
}
