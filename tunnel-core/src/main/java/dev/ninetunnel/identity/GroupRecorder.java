package dev.ninetunnel.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsKemConfig;
import org.bouncycastle.tls.crypto.TlsKemDomain;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * The cryptography of one connection, which notes out of which groups a shared secret was computed. Bouncy Castle knows
 * the group that a handshake agreed on, but has no public way to tell; a group that was merely offered never gets as
 * far as a secret, so the ones seen here are the group. Used on the connection's event loop.
 */
final class GroupRecorder extends JcaTlsCrypto {
    private volatile int curve = -1;
    private volatile int kem = -1;

    GroupRecorder(JcaJceHelper helper, SecureRandom keys, SecureRandom nonces) {
        super(helper, null, keys, nonces);
    }

    /** The name of the group that the handshake used, such as {@code X25519MLKEM768}, once there is one. */
    Optional<String> group() {
        return kem < 0 && curve < 0 ? Optional.empty() : Optional.of(Groups.name(curve, kem));
    }

    @Override
    protected TlsAEADCipherImpl createAEADCipher(String cipher, String algorithm, int keyBytes, boolean encrypting)
            throws GeneralSecurityException {
        return cipher.equals(Gcm.TRANSFORMATION)
                ? new Gcm(getHelper().createCipher(cipher), algorithm, keyBytes, encrypting)
                : super.createAEADCipher(cipher, algorithm, keyBytes, encrypting);
    }

    @Override
    public TlsECDomain createECDomain(TlsECConfig config) {
        TlsECDomain domain = super.createECDomain(config);
        return () -> new Noting(domain.createECDH(), () -> curve = config.getNamedGroup());
    }

    @Override
    public TlsKemDomain createKemDomain(TlsKemConfig config) {
        TlsKemDomain domain = super.createKemDomain(config);
        return () -> new Noting(domain.createKem(), () -> kem = config.getNamedGroup());
    }

    private record Noting(TlsAgreement agreement, Runnable note) implements TlsAgreement {
        @Override
        public byte[] generateEphemeral() throws IOException {
            return agreement.generateEphemeral();
        }

        @Override
        public void receivePeerValue(byte[] peerValue) throws IOException {
            agreement.receivePeerValue(peerValue);
        }

        @Override
        public TlsSecret calculateSecret() throws IOException {
            note.run();
            return agreement.calculateSecret();
        }
    }
}
