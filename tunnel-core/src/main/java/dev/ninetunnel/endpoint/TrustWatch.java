package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Peer;
import java.util.function.Predicate;

/** Ends what there is with peers that are not trusted any more. On the session loop. */
final class TrustWatch {
    private final Trusted trusted;
    private final Neighbours neighbours;

    TrustWatch(Trusted trusted, Neighbours neighbours) {
        this.trusted = trusted;
        this.neighbours = neighbours;
    }

    /** Looks who is trusted now. A list that cannot be read changes nothing. */
    void look() {
        Predicate<Peer> now = trusted.look();
        neighbours.end((name, key) -> !now.test(new Peer(key, name)), Neighbours.NOT_TRUSTED);
    }
}
