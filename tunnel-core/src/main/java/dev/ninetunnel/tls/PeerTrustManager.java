package dev.ninetunnel.tls;

import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Proof;
import dev.ninetunnel.identity.Signatures;
import dev.ninetunnel.identity.UntrustedException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.jsse.BCX509ExtendedTrustManager;
import org.bouncycastle.tls.TlsFatalAlert;

/**
 * The trust manager of one connection. What counts is the key of the first certificate, of which the other side proves
 * possession in the handshake, and that certificate's dates; who signed it, and what name it bears, only where
 * authorities vouch for peers. Remembers whose key it saw. Used on the connection's event loop.
 */
final class PeerTrustManager extends BCX509ExtendedTrustManager {
    private final TrustPolicy trustPolicy;
    private final Clock clock;
    private volatile PeerId seen;
    private volatile Proof proof;
    private volatile List<X509Certificate> shown = List.of();

    PeerTrustManager(TrustPolicy trustPolicy, Clock clock) {
        this.trustPolicy = trustPolicy;
        this.clock = clock;
    }

    /** Whose key the other side has shown, proven once the handshake is over. */
    Optional<PeerId> seen() {
        return Optional.ofNullable(seen);
    }

    /** Who that is, if it is trusted. */
    Optional<Proof> proof() {
        return Optional.ofNullable(proof);
    }

    /** The certificates that it has shown, its own first. */
    List<X509Certificate> shown() {
        return shown;
    }

    private void check(X509Certificate[] chain) {
        try {
            PeerId id = PeerId.of(chain[0].getPublicKey());
            seen = id;
            shown = List.of(chain);
            if (!Signatures.canProve(chain[0].getPublicKey())) {
                throw new UntrustedException(UntrustedException.Kind.UNFIT, id, "its key " + id + " is of the kind "
                        + PeerId.printable(chain[0].getPublicKey().getAlgorithm())
                        + ": one on P-256, or an Ed25519 one, is wanted");
            }
            proof = trustPolicy.check(id, shown, clock.instant());
        } catch (UntrustedException e) {
            PeerTrustManager.<RuntimeException>raise(new TlsFatalAlert(e.alert(), e));
        }
    }

    /**
     * Bouncy Castle sends the alert certificate_unknown for whatever a trust manager throws, but passes on an alert, which these
     * methods may not declare.
     */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        check(chain);
    }

    /** None: the request for a client certificate names no authorities, so that a client offers whatever it has. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
