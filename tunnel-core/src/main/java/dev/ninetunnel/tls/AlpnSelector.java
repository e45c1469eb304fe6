package dev.ninetunnel.tls;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.invitation.Invitations;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.jsse.BCApplicationProtocolSelector;

/**
 * Chooses what a connection that comes in is for, by what the other side names (ALPN), and remembers it: the
 * certificate comes later in the handshake. On the connection's event loop.
 */
final class AlpnSelector implements BCApplicationProtocolSelector<SSLEngine> {
    private final Invitations invitations;
    private boolean pairing;

    /** With those that can be used. */
    AlpnSelector(Invitations invitations) {
        this.invitations = invitations;
    }

    /** Whether it is there to use an invitation. */
    boolean isPairing() {
        return pairing;
    }

    /** One that offers other names is served as an ordinary 9P client, like one that offers none (rule L7). */
    @Override
    public String select(SSLEngine engine, List<String> offered) {
        if (offered.contains(Tls.ALPN) || !offered.contains(Tls.PAIRING_ALPN)) {
            return offered.contains(Tls.ALPN) ? Tls.ALPN : "";
        }
        pairing = isAnyOpen();
        return pairing ? Tls.PAIRING_ALPN : null; // none ends the handshake, with the alert no_application_protocol
    }

    private boolean isAnyOpen() {
        try {
            return invitations.any();
        } catch (IdentityException unreadable) {
            return false;
        }
    }
}
