package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerBook;
import dev.ninetunnel.identity.Peers;
import java.util.ArrayList;
import java.util.List;

/**
 * The peers that a file names, each with the key that it has there or, where it has none, in the list of peers. Nobody else
 * is let in, whoever is in that list. Any thread.
 */
final class NamedPeers implements Peers {
    private final PeerBook book;
    private volatile List<PeerSetup> named;

    NamedPeers(PeerBook book, List<PeerSetup> named) {
        this.book = book;
        this.named = named;
    }

    void change(List<PeerSetup> now) {
        named = now;
    }

    @Override
    public List<Peer> list() throws IdentityException {
        List<Peer> peers = new ArrayList<>();
        for (PeerSetup peer : named) {
            if (peer.key().isPresent()) {
                peers.add(new Peer(peer.key().get(), peer.name()));
            } else {
                book.byName(peer.name()).ifPresent(peers::add);
            }
        }
        return peers;
    }
}
