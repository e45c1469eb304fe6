package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.Whom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The peers that are trusted, as commands name them. Any thread. */
final class Trusted {
    private final Peers book;
    private final BooleanSupplier authority;

    /** With whether an authority can vouch for peers now. */
    Trusted(Peers book, BooleanSupplier authority) {
        this.book = book;
        this.authority = authority;
    }

    /** The names of all: of those whose key is known, as the list stands now, and of those who can be vouched for. */
    List<String> names() throws EndpointException {
        try {
            List<String> names = new ArrayList<>(book.list().stream().map(Peer::name).toList());
            if (authority.getAsBoolean()) {
                names.addAll(book.certified());
            }
            return names;
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

    /** The one of this name: its key, if that is known, and else the name. */
    Whom named(String name) throws EndpointException {
        try {
            Optional<Peer> pinned = book.byName(name);
            if (pinned.isPresent()) {
                return pinned.get();
            }
            if (authority.getAsBoolean() && book.certified().contains(name)) {
                return new Whom.Certified(name);
            }
        } catch (IdentityException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        }
        List<String> all = names();
        throw new EndpointException(EndpointException.Kind.CONFIG, "no peer is trusted under the name '" + name + "': "
                + (all.isEmpty() ? "none is at all" : "there is " + String.join(", ", all))
                + ". Run 'ninetunnel accept' with an invitation of it, or 'ninetunnel trust PEER-ID --name " + name
                + "', first");
    }

    /** The name of the one that is meant, where null stands for the only one. */
    String only(String name) throws EndpointException {
        if (name != null) {
            return named(name).name();
        }
        List<String> all = names();
        if (all.size() == 1) {
            return all.getFirst();
        }
        throw new EndpointException(EndpointException.Kind.CONFIG, all.isEmpty()
                ? "no peer is trusted yet: run 'ninetunnel invite NAME', or 'ninetunnel accept' with an invitation, first"
                : all.size() + " peers are trusted: say with --peer NAME which one is meant");
    }
}
