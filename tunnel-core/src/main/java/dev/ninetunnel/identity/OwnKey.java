package dev.ninetunnel.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.jcajce.provider.asymmetric.edec.KeyFactorySpi.Ed25519;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * The private key of this endpoint.
 *
 * @param keyType what Bouncy Castle's JSSE calls such a key when it asks for one in TLS 1.3
 * @param signature the JCA name of its signatures
 */
public record OwnKey(PrivateKey privateKey, String keyType, String signature) {

    /** A new one on the curve P-256. */
    static OwnKey generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return p256(generator.generateKeyPair().getPrivate());
    }

    /**
     * The one in a PKCS #8 structure.
     *
     * @throws GeneralSecurityException if it is of a kind that is not used here, with a message that says so
     */
    static OwnKey of(PrivateKeyInfo info) throws GeneralSecurityException, IOException {
        AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
        ASN1ObjectIdentifier kind = algorithm.getAlgorithm();
        if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)
                && SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters())) {
            return p256(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded())));
        }
        if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
            // Bouncy Castle's JSSE takes its own Ed25519 keys only. Asking the one factory spares the third of a
            // second that setting up its whole provider takes.
            return new OwnKey(new Ed25519().generatePrivate(info), "Ed25519", "Ed25519");
        }
        throw new GeneralSecurityException("it is of kind " + nameOf(kind));
    }

    /** Computes the public key from the private one. */
    PublicKey publicKey() throws GeneralSecurityException, IOException {
        return privateKey instanceof ECPrivateKey p256 ? publicKey(p256) : ed25519PublicKey();
    }

    /** Whether this is the private half of that key. Every start asks: to sign something and verify it takes three times as long. */
    boolean belongsTo(PublicKey other) {
        try {
            return Arrays.equals(publicKey().getEncoded(), other.getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            return false; // it has no public half that could be computed
        }
    }

    private static OwnKey p256(PrivateKey key) {
        return new OwnKey(key, "EC/secp256r1", "SHA256withECDSA");
    }

    private static PublicKey publicKey(ECPrivateKey key) throws GeneralSecurityException {
        var curve = CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
        if (key.getS().signum() <= 0 || key.getS().compareTo(curve.getN()) >= 0) {
            throw new GeneralSecurityException("it is no number of the curve P-256");
        }
        var point = new FixedPointCombMultiplier().multiply(curve.getG(), key.getS()).normalize();
        var w = new ECPoint(point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(w, key.getParams()));
    }

    private PublicKey ed25519PublicKey() throws GeneralSecurityException, IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(privateKey.getEncoded());
        byte[] seed = ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
        byte[] point = new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
        var algorithm = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
        byte[] der = new SubjectPublicKeyInfo(algorithm, point).getEncoded();
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    }

    private static String nameOf(ASN1ObjectIdentifier kind) {
        return switch (kind.getId()) {
            case "1.2.840.113549.1.1.1" -> "RSA";
            case "1.2.840.10045.2.1" -> "EC on a curve other than P-256";
            case "1.3.101.113" -> "Ed448";
            default -> kind.getId();
        };
    }
}
