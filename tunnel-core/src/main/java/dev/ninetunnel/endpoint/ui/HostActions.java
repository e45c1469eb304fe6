package dev.ninetunnel.endpoint.ui;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.ThisHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What is done for the page, with the list of peers and the invitations that the commands use too. */
public final class HostActions implements PageActions {
    private static final Duration INVITED = Duration.ofMinutes(15);
    /** A key for a name that is checked before its own is known. */
    private static final PeerId NOBODY = new PeerId("0".repeat(64));

    /** What there is with peers. */
    @FunctionalInterface
    public interface Links {
        /** Ends all with a peer, and returns whether there is one of that name. On threads that may wait. */
        boolean end(String peer);
    }

    private final Path home;
    private final Supplier<PeerId> self;
    private final Supplier<List<HostPort>> listens;
    private final Predicate<String> inFile;
    private final Links links;

    /**
     * For an endpoint.
     *
     * @param home where its list of peers and its invitations are
     * @param self who it is to its peers
     * @param listens where it does
     * @param inFile whether the file that it runs gives the key of a peer of this name
     * @param links those with peers
     */
    public HostActions(Path home, Supplier<PeerId> self, Supplier<List<HostPort>> listens, Predicate<String> inFile,
            Links links) {
        this.home = home;
        this.self = self;
        this.listens = listens;
        this.inFile = inFile;
        this.links = links;
    }

    @Override
    public void disconnect(String peer) throws IOException {
        if (!links.end(peer)) {
            throw new IOException("there is no peer of the name '" + PeerId.printable(peer)
                    + "': 'ninetunnel status' lists them");
        }
    }

    @Override
    public void revoke(String peer) throws IOException {
        requireNotInFile(peer);
        try {
            new PeerFile(home).remove(peer);
        } catch (IdentityException e) {
            throw new IOException(e.getMessage(), e);
        }
        links.end(peer);
    }

    @Override
    public String invite(String name, String address) throws IOException {
        requireNotInFile(name);
        try {
            new Peer(NOBODY, name);
            if (new PeerFile(home).byName(name).isPresent()) {
                throw new IOException(name + " is trusted already. Choose another name, or revoke it first");
            }
            HostPort where = where(address);
            Invitation made = new Invitations(home, Clock.systemUTC()).invite(name, where.host(), where.port(),
                    self.get(), INVITED, false);
            return "echo " + made.code() + " | ninetunnel accept";
        } catch (IdentityException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void requireNotInFile(String name) throws IOException {
        if (inFile.test(name)) {
            throw new IOException("the file ninetunnel.toml gives the key of " + name
                    + ": change it there, and run 'ninetunnel reload'");
        }
    }

    /** Where the other side finds this one. */
    private HostPort where(String address) throws IOException {
        HostPort listening = listens.get().stream().findFirst().orElseThrow(() -> new IOException(
                "this endpoint listens nowhere, so no host can come to pair with it: invite from the other one"));
        if (!address.isEmpty()) {
            return HostPort.parse(address, listening.port());
        }
        return listening.host().isEmpty()
                ? new HostPort(ThisHost.address().orElseThrow(() -> new IOException("this host knows no address of its "
                        + "own that others could reach: say where the other one finds it")), listening.port())
                : listening;
    }
}
