package dev.ninetunnel.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
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
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * The private key of this endpoint with the public key that belongs to it.
 *
 * @param keyType what Bouncy Castle's JSSE calls such a key when it asks for one in TLS 1.3
 * @param signature the JCA name of its signatures
 */
record OwnKey(PrivateKey privateKey, PublicKey publicKey, String keyType, String signature) {

    /** A new one on the curve P-256. */
    static OwnKey generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        return p256(pair.getPrivate(), pair.getPublic());
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
            return p256(info);
        }
        if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return ed25519(info);
        }
        throw new GeneralSecurityException("it is of kind " + nameOf(kind));
    }

    private static OwnKey p256(PrivateKeyInfo info) throws GeneralSecurityException, IOException {
        byte[] der = info.getEncoded();
        KeyFactory factory = KeyFactory.getInstance("EC");
        ECPrivateKey key = (ECPrivateKey) factory.generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(der));
        var curve = CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
        BigInteger secret = key.getS();
        if (secret.signum() <= 0 || secret.compareTo(curve.getN()) >= 0) {
            throw new GeneralSecurityException("its number is outside the curve's range");
        }
        var point = new FixedPointCombMultiplier().multiply(curve.getG(), secret).normalize();
        var w = new ECPoint(point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
        return p256(key, factory.generatePublic(new ECPublicKeySpec(w, key.getParams())));
    }

    private static OwnKey p256(PrivateKey privateKey, PublicKey publicKey) {
        return new OwnKey(privateKey, (ECPublicKey) publicKey, "EC/secp256r1", "SHA256withECDSA");
    }

    /**
     * Bouncy Castle's JSSE takes its own Ed25519 keys only, so its factory makes the private one; asking the factory
     * itself spares the third of a second that setting up the whole provider takes.
     */
    private static OwnKey ed25519(PrivateKeyInfo info) throws GeneralSecurityException, IOException {
        PrivateKey key = new org.bouncycastle.jcajce.provider.asymmetric.edec.KeyFactorySpi.Ed25519()
                .generatePrivate(info);
        byte[] seed = ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
        byte[] point = new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
        byte[] der = new SubjectPublicKeyInfo(new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), point)
                .getEncoded();
        PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        return new OwnKey(key, publicKey, "Ed25519", "Ed25519");
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
