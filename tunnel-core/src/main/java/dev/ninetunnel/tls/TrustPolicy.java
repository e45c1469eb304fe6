package dev.ninetunnel.tls;

import dev.ninetunnel.identity.Authority;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.Proof;
import dev.ninetunnel.identity.Purpose;
import dev.ninetunnel.identity.UntrustedException;
import dev.ninetunnel.identity.Validity;
import dev.ninetunnel.identity.invitation.Invitations;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.AlertDescription;

/** Decides whether the holder of a key may be at the other end. Called on the event loop, once in a handshake. */
sealed interface TrustPolicy {
    /**
     * Returns quietly if so.
     *
     * @param shown the certificates of the other side, its own first
     * @return who that is
     */
    Proof check(PeerId seen, List<X509Certificate> shown, Instant now) throws UntrustedException;

    /** Peers in the list, as it is now; and those that an authority vouches for, if the list leaves that name to it. */
    record Listed(Peers peers, Optional<Authority> authority) implements TrustPolicy {
        @Override
        public Proof check(PeerId seen, List<X509Certificate> shown, Instant now) throws UntrustedException {
            try {
                Optional<Peer> listed = peers.byId(seen);
                if (listed.isPresent()) {
                    Validity.requireInDate(shown.getFirst(), seen, now);
                    return Proof.listed(listed.get());
                }
                if (authority.isEmpty()) {
                    throw new UntrustedException(UntrustedException.Kind.UNKNOWN_PEER, seen, "its key " + seen
                            + " is not trusted here. " + peers.admission(seen));
                }
                Peer vouched = authority.get().vouch(shown, Purpose.CLIENT, now);
                requireExpected(vouched);
                return Proof.certified(vouched);
            } catch (IdentityException e) {
                throw new UntrustedException(UntrustedException.Kind.NO_LIST, seen, e.getMessage());
            }
        }

        private void requireExpected(Peer vouched) throws UntrustedException, IdentityException {
            if (!peers.certified().contains(vouched.name())) {
                throw new UntrustedException(UntrustedException.Kind.UNKNOWN_PEER, AlertDescription.access_denied,
                        vouched.id(), "its certificate says that "
                                + "it is " + vouched.name() + ", and " + (peers.byName(vouched.name()).isPresent()
                                        ? "that name stands for another key here"
                                        : "nobody of that name is allowed anything here"));
            }
        }
    }

    /** One peer alone, by its key, whatever it is called. */
    record Only(PeerId expected, Optional<String> name) implements TrustPolicy {
        @Override
        public Proof check(PeerId seen, List<X509Certificate> shown, Instant now) throws UntrustedException {
            if (!seen.equals(expected)) {
                throw new UntrustedException(UntrustedException.Kind.WRONG_KEY, seen,
                        "it has the key " + seen + ", and " + expected + " was expected");
            }
            Validity.requireInDate(shown.getFirst(), seen, now);
            return new Proof(seen, name, false);
        }
    }

    /** One peer alone, by the name that an authority vouches for. */
    record Named(String expected, Optional<Authority> authority) implements TrustPolicy {
        @Override
        public Proof check(PeerId seen, List<X509Certificate> shown, Instant now) throws UntrustedException {
            if (authority.isEmpty()) {
                throw new UntrustedException(UntrustedException.Kind.NOT_VOUCHED, seen,
                        "there is no authority here any more (--ca) that could vouch for it");
            }
            Peer vouched = authority.get().vouch(shown, Purpose.SERVER, now);
            if (!vouched.name().equals(expected)) {
                throw new UntrustedException(UntrustedException.Kind.WRONG_NAME, seen,
                        "its certificate says that it is " + vouched.name() + ", and " + expected + " was expected");
            }
            return Proof.certified(vouched);
        }
    }

    /** A possible user of an invitation, on a connection for that alone; else as usual. */
    record OrInvited(TrustPolicy usual, Invitations invitations, AlpnSelector chosen) implements TrustPolicy {
        @Override
        public Proof check(PeerId seen, List<X509Certificate> shown, Instant now) throws UntrustedException {
            if (!chosen.isPairing()) {
                return usual.check(seen, shown, now);
            }
            boolean invited;
            try {
                invited = invitations.anyFor(seen);
            } catch (IdentityException e) {
                throw new UntrustedException(UntrustedException.Kind.NO_LIST, seen, e.getMessage());
            }
            if (!invited) {
                throw new UntrustedException(UntrustedException.Kind.UNKNOWN_PEER, seen,
                        "it came with an invitation, and there is none that its key " + seen + " could use");
            }
            Validity.requireInDate(shown.getFirst(), seen, now);
            return new Proof(seen, Optional.empty(), false);
        }
    }
}
