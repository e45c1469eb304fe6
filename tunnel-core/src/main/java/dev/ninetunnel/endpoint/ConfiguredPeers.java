package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The peers that a file names, each with the key that it has there or, where it has none, in the list of peers; where it is
 * in neither, an authority may vouch for it. No other peer is let in, even if it is in that list. Any thread.
 */
final class ConfiguredPeers implements Peers {
    private final Peers book;
    private final Supplier<List<PeerConfig>> named;

    /** With those that the file names at each moment. */
    ConfiguredPeers(Peers book, Supplier<List<PeerConfig>> named) {
        this.book = book;
        this.named = named;
    }

    @Override
    public List<Peer> list() throws IdentityException {
        Map<String, Peer> booked = booked();
        List<Peer> peers = new ArrayList<>();
        for (PeerConfig peer : named.get()) {
            if (peer.key().isPresent()) {
                peers.add(new Peer(peer.key().get(), peer.name()));
            } else if (booked.containsKey(peer.name())) {
                peers.add(booked.get(peer.name()));
            }
        }
        return peers;
    }

    /** By one look at the list of peers, for there may be a thousand names. */
    private Map<String, Peer> booked() throws IdentityException {
        return book.list().stream().collect(Collectors.toMap(Peer::name, Function.identity()));
    }

    @Override
    public Set<String> certified() throws IdentityException {
        Set<String> booked = booked().keySet();
        Set<String> names = new LinkedHashSet<>();
        for (PeerConfig peer : named.get()) {
            if (peer.key().isEmpty() && !booked.contains(peer.name())) {
                names.add(peer.name());
            }
        }
        return names;
    }

    /** To be in that list is not enough, and so is the advice to add it there. */
    @Override
    public String admission(PeerId stranger) throws IdentityException {
        String reload = " the file, and run 'ninetunnel reload'";
        return book.byId(stranger)
                .map(peer -> "It is paired as " + peer.name()
                        + ", but the file says nothing of that name. To allow it, write "
                        + "[peer." + peer.name() + "] with what it may do into" + reload)
                .orElse("To allow it, write  id = \"" + stranger + "\"  into its [peer.NAME] in" + reload);
    }

    @Override
    public Optional<String> fault() {
        return book.fault();
    }
}
