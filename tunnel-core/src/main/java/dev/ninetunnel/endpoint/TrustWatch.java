package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Peer;
import java.util.function.Predicate;

/** Ends what there is with peers that are not trusted any more. On the session loop. */
final class TrustWatch {
    private final PeerLookup peerLookup;
    private final PeerRegistry peerRegistry;

    TrustWatch(PeerLookup peerLookup, PeerRegistry peerRegistry) {
        this.peerLookup = peerLookup;
        this.peerRegistry = peerRegistry;
    }

    /** Looks who is trusted now. A list that cannot be read changes nothing. */
    void look() {
        Predicate<Peer> now = peerLookup.look();
        peerRegistry.end((name, key) -> !now.test(new Peer(key, name)), PeerRegistry.NOT_TRUSTED);
    }
}
