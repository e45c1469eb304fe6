package dev.ninetunnel.identity;

import java.util.List;
import java.util.Optional;

/** Those whom this endpoint trusts, as they stand at the moment of asking. Any thread. */
public interface Peers {
    /**
     * All of them.
     *
     * @throws IdentityException if they cannot be told: the message says why
     */
    List<Peer> list() throws IdentityException;

    /** The peer of this name. Throws as {@link #list} does. */
    default Optional<Peer> byName(String name) throws IdentityException {
        return list().stream().filter(peer -> peer.name().equals(name)).findFirst();
    }

    /** The peer with this id. Throws as {@link #list} does. */
    default Optional<Peer> byId(PeerId id) throws IdentityException {
        return list().stream().filter(peer -> peer.id().equals(id)).findFirst();
    }
}
