package dev.ninetunnel.identity;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Those whom this endpoint trusts, as they stand at the moment of asking. Any thread. */
public interface Peers {
    /**
     * All of them.
     *
     * @throws IdentityException if they cannot be told: the message says why
     */
    List<Peer> list() throws IdentityException;

    /**
     * The names that certificates of an authority may stand for, where this endpoint takes the word of any. A name that stands
     * for a key in the list is not among them. Throws as {@link #list} does.
     */
    default Set<String> certified() throws IdentityException {
        return Set.of();
    }

    /** What is wrong with where they are written, while they are told as they were before; empty if nothing is. */
    default Optional<String> fault() {
        return Optional.empty();
    }

    /** How somebody with a key that is not among them is let in, in a sentence for people. Throws as {@link #list} does. */
    default String admission(PeerId stranger) throws IdentityException {
        return "To allow it:  ninetunnel trust " + stranger + " --name NAME";
    }

    /** The peer of this name. Throws as {@link #list} does. */
    default Optional<Peer> byName(String name) throws IdentityException {
        return list().stream().filter(peer -> peer.name().equals(name)).findFirst();
    }

    /** The peer with this id. Throws as {@link #list} does. */
    default Optional<Peer> byId(PeerId id) throws IdentityException {
        return list().stream().filter(peer -> peer.id().equals(id)).findFirst();
    }
}
