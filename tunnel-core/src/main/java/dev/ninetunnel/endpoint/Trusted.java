package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.Peers;
import java.util.List;

/** The peers that are trusted, as commands name them. Any thread. */
final class Trusted {
    private final Peers book;

    Trusted(Peers book) {
        this.book = book;
    }

    /** All, as they stand in the list now. */
    List<Peer> list() throws EndpointException {
        try {
            return book.list();
        } catch (IdentityException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        }
    }

    /** Whether the list can be told just now. */
    boolean isReadable() {
        try {
            book.list();
            return true;
        } catch (IdentityException e) {
            return false;
        }
    }

    /** The one of this name. */
    Peer named(String name) throws EndpointException {
        List<Peer> all = list();
        return all.stream().filter(p -> p.name().equals(name)).findFirst()
                .orElseThrow(() -> new EndpointException(EndpointException.Kind.CONFIG, "no peer is trusted under the "
                        + "name '" + name + "': " + (all.isEmpty()
                                ? "none is at all"
                                : "there is " + String.join(", ", all.stream().map(Peer::name).toList()))
                        + ". Run 'ninetunnel accept' with an invitation of it, or 'ninetunnel trust PEER-ID --name "
                        + name
                        + "', first"));
    }

    /** The name of the one that is meant, where null stands for the only one. */
    String only(String name) throws EndpointException {
        if (name != null) {
            return named(name).name();
        }
        List<Peer> all = list();
        if (all.size() == 1) {
            return all.getFirst().name();
        }
        throw new EndpointException(EndpointException.Kind.CONFIG, all.isEmpty()
                ? "no peer is trusted yet: run 'ninetunnel invite NAME', or 'ninetunnel accept' with an invitation, first"
                : all.size() + " peers are trusted: say with --peer NAME which one is meant");
    }
}
