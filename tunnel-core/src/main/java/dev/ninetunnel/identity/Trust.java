package dev.ninetunnel.identity;

import java.security.cert.CertificateException;

/** Decides whether whoever holds a key may be at the other end. Called on the event loop, once in a handshake. */
sealed interface Trust {
    /** Returns quietly if so. */
    void check(PeerId seen) throws CertificateException;

    /** Whoever is in the list, as it is now. */
    record Listed(Peers peers) implements Trust {
        @Override
        public void check(PeerId seen) throws UntrustedException {
            boolean known;
            try {
                known = peers.byId(seen).isPresent();
            } catch (IdentityException e) {
                throw new UntrustedException(UntrustedException.Kind.NO_LIST, seen, e.getMessage());
            }
            if (!known) {
                throw new UntrustedException(UntrustedException.Kind.UNKNOWN_PEER, seen, "its key " + seen
                        + " is not trusted here. To allow it:  ninetunnel trust " + seen + " --name NAME");
            }
        }
    }

    /** One peer alone. */
    record Only(PeerId expected) implements Trust {
        @Override
        public void check(PeerId seen) throws UntrustedException {
            if (!seen.equals(expected)) {
                throw new UntrustedException(UntrustedException.Kind.WRONG_KEY, seen,
                        "it has the key " + seen + ", and " + expected + " was expected");
            }
        }
    }

    /** Whoever could use an invitation, on a connection that is for that and for nothing else; else as usual. */
    record OrInvited(Trust usual, Invitations invitations, Welcoming chosen) implements Trust {
        @Override
        public void check(PeerId seen) throws CertificateException {
            if (!chosen.isPairing()) {
                usual.check(seen);
                return;
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
        }
    }
}
