package dev.ninetunnel.tls;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * Which algorithms of TLS this Java has, and with which parameters. Bouncy Castle asks for all that it knows of before each
 * handshake; the answers are the same each time, and finding them takes longer than many a handshake. Any thread.
 */
final class AvailableAlgorithms extends JcaTlsCrypto {
    private final Map<Integer, Optional<AlgorithmParameters>> ofGroups = new ConcurrentHashMap<>();
    private final Map<Integer, Optional<AlgorithmParameters>> ofSchemes = new ConcurrentHashMap<>();

    AvailableAlgorithms(JcaJceHelper helper, SecureRandom random) {
        super(helper, null, random, random);
    }

    /** Bouncy Castle would look for ChaCha20 in its own provider, which is not there, and is slower than the JDK. */
    @Override
    protected Boolean isSupportedEncryptionAlgorithm(int algorithm) {
        return algorithm == EncryptionAlgorithm.CHACHA20_POLY1305 || super.isSupportedEncryptionAlgorithm(algorithm);
    }

    @Override
    public AlgorithmParameters getNamedGroupAlgorithmParameters(int group) throws GeneralSecurityException {
        Optional<AlgorithmParameters> known = ofGroups.get(group);
        if (known == null) {
            known = Optional.ofNullable(super.getNamedGroupAlgorithmParameters(group));
            ofGroups.put(group, known);
        }
        return known.orElse(null);
    }

    @Override
    public AlgorithmParameters getSignatureSchemeAlgorithmParameters(int scheme) throws GeneralSecurityException {
        Optional<AlgorithmParameters> known = ofSchemes.get(scheme);
        if (known == null) {
            known = Optional.ofNullable(super.getSignatureSchemeAlgorithmParameters(scheme));
            ofSchemes.put(scheme, known);
        }
        return known.orElse(null);
    }
}
