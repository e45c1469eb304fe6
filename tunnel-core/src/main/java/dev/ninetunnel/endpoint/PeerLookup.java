package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peers that are trusted, as commands name them. Any thread. */
final class PeerLookup {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLookup.class);

    private final Peers book;
    private final Credentials credentials;

    /** With what tells whether an authority can vouch for peers now, and for whom. */
    PeerLookup(Peers book, Credentials credentials) {
        this.book = book;
        this.credentials = credentials;
    }

    /**
     * Tells of each peer that was let in whether it is that peer still: its key is the one of its name, or an authority would
     * vouch for it. By one look at the list; where that cannot be read, all are what they were.
     */
    Predicate<Peer> look() {
        try {
            Set<Peer> all = Set.copyOf(book.list());
            Set<String> certified = book.certified();
            return peer -> all.contains(peer)
                    || (certified.contains(peer.name()) && credentials.stillVouchedFor(peer));
        } catch (IdentityException e) {
            LOG.debug("who is trusted cannot be told just now: {}", e.getMessage());
            return peer -> true;
        }
    }

    /** Those whose key is known, as the list stands now; none if it cannot be read. */
    List<Peer> list() {
        try {
            return book.list();
        } catch (IdentityException e) {
            LOG.debug("who is trusted cannot be told just now: {}", e.getMessage());
            return List.of();
        }
    }

    /** The names of all: of those whose key is known, as the list stands now, and of those who can be vouched for. */
    List<String> names() throws EndpointException {
        try {
            List<String> names = new ArrayList<>(book.list().stream().map(Peer::name).toList());
            if (credentials.hasAuthority()) {
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
    ExpectedPeer named(String name) throws EndpointException {
        try {
            Optional<Peer> pinned = book.byName(name);
            if (pinned.isPresent()) {
                return pinned.get();
            }
            if (credentials.hasAuthority() && book.certified().contains(name)) {
                return new ExpectedPeer.Certified(name);
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
