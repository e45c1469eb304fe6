package dev.ninetunnel.identity;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * The signatures that are made and taken, the same on the side that dials and on the one that accepts: by peers in the handshake
 * (RFC 8446, 4.4.3), and by authorities in certificates (4.2.3).
 */
public final class Signatures {
    private static final String[] IN_HANDSHAKE = {"ed25519", "ecdsa_secp256r1_sha256"};
    private static final String[] IN_CERTIFICATES = {"ed25519", "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384",
            "rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512"};
    /** What the JDK calls the latter, and what it checks but Bouncy Castle cannot ask for: other curves, and RSA-PSS. */
    private static final Set<String> ALGORITHMS = Set.of("ed25519", "sha256withecdsa", "sha384withecdsa",
            "sha512withecdsa", "sha256withrsa", "sha384withrsa", "sha512withrsa", "rsassa-pss");
    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_CURVE_BITS = 256;

    private Signatures() {}

    /** What a peer may prove its key with, best first. */
    public static String[] inHandshake() {
        return IN_HANDSHAKE.clone();
    }

    /** What certificates may be signed with. */
    public static String[] inCertificates() {
        return IN_CERTIFICATES.clone();
    }

    /** Whether a peer can prove such a key: one on P-256, or an Ed25519 one. */
    public static boolean canProve(PublicKey key) {
        try {
            var algorithm = SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm();
            ASN1ObjectIdentifier kind = algorithm.getAlgorithm();
            return kind.equals(EdECObjectIdentifiers.id_Ed25519) || (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)
                    && SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters()));
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** Why an authority's key cannot vouch for others, as the end of a sentence; nothing if it can. */
    static Optional<String> flawOf(PublicKey authority) {
        boolean strong = switch (authority) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
            case ECPublicKey curve -> curve.getParams().getOrder().bitLength() >= LEAST_CURVE_BITS;
            case EdECPublicKey edwards -> edwards.getParams().getName().equals("Ed25519");
            default -> false;
        };
        return strong
                ? Optional.empty()
                : Optional.of("its key (" + authority.getAlgorithm()
                        + ") is too small, or of a kind that is not taken: RSA of "
                        + LEAST_RSA_BITS + " bits or more, a curve of " + LEAST_CURVE_BITS
                        + " bits or more, or Ed25519 is wanted");
    }

    /** Why a certificate's signature counts for nothing, as the end of a sentence; nothing if it does. */
    static Optional<String> flawOf(X509Certificate signed) {
        String algorithm = signed.getSigAlgName();
        return ALGORITHMS.contains(algorithm.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of("it is signed by " + PeerId.printable(algorithm)
                        + ", which is not taken: SHA-256 or more with RSA or ECDSA, or Ed25519 is wanted");
    }
}
