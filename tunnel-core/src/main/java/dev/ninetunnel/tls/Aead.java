package dev.ninetunnel.tls;

import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.bouncycastle.tls.EncryptionAlgorithm;

/** The ciphers of TLS 1.3 that protect a link (RFC 8446, B.4), all of them the JDK's. */
enum Aead {
    AES_128_GCM("AES/GCM/NoPadding", "AES", 16), AES_256_GCM("AES/GCM/NoPadding", "AES", 32), CHACHA20_POLY1305(
            "ChaCha20-Poly1305", "ChaCha20", 32);

    /** What a sealed record has more than what was sealed, with each of them. */
    static final int TAG_BYTES = 16;

    final String transformation;
    final String keyAlgorithm;
    final int keyBytes;

    Aead(String transformation, String keyAlgorithm, int keyBytes) {
        this.transformation = transformation;
        this.keyAlgorithm = keyAlgorithm;
        this.keyBytes = keyBytes;
    }

    /** The one that Bouncy Castle has this number for. */
    static Optional<Aead> of(int algorithm) {
        return switch (algorithm) {
            case EncryptionAlgorithm.AES_128_GCM -> Optional.of(AES_128_GCM);
            case EncryptionAlgorithm.AES_256_GCM -> Optional.of(AES_256_GCM);
            case EncryptionAlgorithm.CHACHA20_POLY1305 -> Optional.of(CHACHA20_POLY1305);
            default -> Optional.empty();
        };
    }

    /** What the cipher is given besides the key. */
    AlgorithmParameterSpec with(byte[] nonce) {
        return this == CHACHA20_POLY1305
                ? new IvParameterSpec(nonce)
                : new GCMParameterSpec(Byte.SIZE * TAG_BYTES, nonce);
    }
}
