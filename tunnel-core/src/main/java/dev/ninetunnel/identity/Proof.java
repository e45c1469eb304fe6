package dev.ninetunnel.identity;

import java.util.Optional;

/**
 * Who is at the other end, as one look at who is trusted has told: the key that is proven with the handshake, and what its
 * holder is called here. They stay together, for the list may be another a moment later.
 *
 * @param name empty where it does not matter, as for who comes to use an invitation
 * @param vouched whether an authority says so, and not the list of peers
 */
public record Proof(PeerId id, Optional<String> name, boolean vouched) {
    public static Proof listed(Peer peer) {
        return new Proof(peer.id(), Optional.of(peer.name()), false);
    }

    public static Proof certified(Peer peer) {
        return new Proof(peer.id(), Optional.of(peer.name()), true);
    }

    /** As somebody to deal with. */
    public Peer peer() {
        return new Peer(id, name.orElseGet(id::brief));
    }
}
