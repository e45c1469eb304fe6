package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Papers;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.Peers;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what there is with peers that are not trusted any more. On the session loop. */
final class TrustWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TrustWatch.class);

    private final Peers peers;
    private final Papers papers;
    private final Neighbours neighbours;

    TrustWatch(Peers peers, Papers papers, Neighbours neighbours) {
        this.peers = peers;
        this.papers = papers;
        this.neighbours = neighbours;
    }

    /** Looks who is trusted now. A list that cannot be read changes nothing. */
    void look() {
        try {
            Set<Peer> all = Set.copyOf(peers.list());
            Set<String> certified = peers.certified();
            neighbours.end((name, key) -> {
                Peer peer = new Peer(key, name);
                return !all.contains(peer) && !(certified.contains(name) && papers.stillVouchedFor(peer));
            }, "the peer is not trusted here any more");
        } catch (IdentityException e) {
            LOG.debug("who is trusted cannot be told just now: {}", e.getMessage());
        }
    }
}
