package dev.ninetunnel.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsKemConfig;
import org.bouncycastle.tls.crypto.TlsKemDomain;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * The cryptography of one connection, which notes out of which groups a shared secret was computed, and what protects the
 * records. Bouncy Castle knows the group that a handshake agreed on, but has no public way to tell; a group that was merely
 * offered never gets as far as a secret, so the ones seen here are the group. Used on the connection's event loop.
 */
final class HandshakeCrypto extends JcaTlsCrypto {
    private volatile int curve = -1;
    private volatile int kem = -1;
    private final AvailableAlgorithms available;
    private final long mostRecords;
    private RecordProtection recordProtection;

    HandshakeCrypto(AvailableAlgorithms available, SecureRandom random, long mostRecords) {
        super(available.getHelper(), null, random, random);
        this.available = available;
        this.mostRecords = mostRecords;
    }

    /** The name of the group that the handshake used, such as {@code X25519MLKEM768}, once there is one. */
    Optional<String> group() {
        return kem < 0 && curve < 0 ? Optional.empty() : Optional.of(Groups.name(curve, kem));
    }

    /** What protects the connection's records now; empty before there is anything. */
    Optional<RecordProtection> protection() {
        return Optional.ofNullable(recordProtection);
    }

    @Override
    public boolean hasEncryptionAlgorithm(int algorithm) {
        return available.hasEncryptionAlgorithm(algorithm);
    }

    @Override
    public boolean hasNamedGroup(int group) {
        return available.hasNamedGroup(group);
    }

    @Override
    public boolean hasSignatureScheme(int scheme) {
        return available.hasSignatureScheme(scheme);
    }

    @Override
    public AlgorithmParameters getNamedGroupAlgorithmParameters(int group) throws GeneralSecurityException {
        return available.getNamedGroupAlgorithmParameters(group);
    }

    @Override
    public AlgorithmParameters getSignatureSchemeAlgorithmParameters(int scheme) throws GeneralSecurityException {
        return available.getSignatureSchemeAlgorithmParameters(scheme);
    }

    /** What the other side shows. One that cannot be read would be called a fault of this program otherwise. */
    @Override
    public TlsCertificate createCertificate(short type, byte[] encoding) throws IOException {
        try {
            return super.createCertificate(type, encoding);
        } catch (TlsFatalAlert e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
        }
    }

    /** Asked for with each set of keys: those of the handshake, and then those of the connection. */
    @Override
    public TlsCipher createCipher(TlsCryptoParameters parameters, int cipher, int mac) throws IOException {
        Aead aead = Aead.of(cipher).orElseThrow(() -> new TlsFatalAlert(AlertDescription.internal_error));
        try {
            recordProtection = RecordProtection.of(parameters, this, aead, mostRecords);
            return recordProtection;
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
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
