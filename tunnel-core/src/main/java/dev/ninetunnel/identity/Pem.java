package dev.ninetunnel.identity;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Reads and writes the two files of an identity, in PEM (RFC 7468). */
final class Pem {
    private static final String RESTORE = "Restore it from a copy, or remove key.pem and cert.pem to get a new identity"
            + " (peers must then trust its new id)";

    private Pem() {}

    /** The private key of a file: PKCS #8, or SEC 1 as {@code openssl ecparam -genkey} writes it. */
    static OwnKey readKey(Path file) throws IdentityException {
        for (PemBlocks.Block found : PemBlocks.read(file, RESTORE)) {
            PemObject block = found.object();
            switch (block.getType()) {
                case "PRIVATE KEY" :
                    return key(file, block, false);
                case "EC PRIVATE KEY" :
                    return key(file, block, true);
                case "ENCRYPTED PRIVATE KEY" :
                    throw encrypted(file);
                case "RSA PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY" :
                    throw unfit(file, "it holds an " + block.getType(), null);
                default : // such as EC PARAMETERS before the key, or certificates in the same file
            }
        }
        throw new IdentityException(
                "there is no private key in " + file + ": a PEM block \"PRIVATE KEY\" or \"EC PRIVATE KEY\" is wanted. "
                        + RESTORE);
    }

    /** The certificates of a file, this endpoint's first. */
    static List<X509Certificate> readChain(Path file) throws IdentityException {
        List<X509Certificate> chain = PemBlocks.certificates(file, renew(file)).stream()
                .map(PemBlocks.Certificate::certificate).toList();
        if (chain.isEmpty()) {
            throw new IdentityException("there is no certificate in " + file + ". " + renew(file));
        }
        return chain;
    }

    static String write(String type, byte[] der) {
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(new PemObject(type, der));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static OwnKey key(Path file, PemObject block, boolean sec1) throws IdentityException {
        for (Object header : block.getHeaders()) {
            if (((PemHeader) header).getValue().contains("ENCRYPTED")) {
                throw encrypted(file);
            }
        }
        PrivateKeyInfo info;
        try {
            info = sec1 ? fromSec1(block.getContent()) : PrivateKeyInfo.getInstance(block.getContent());
        } catch (IOException | RuntimeException e) {
            throw new IdentityException("the private key in " + file + " is damaged. " + RESTORE, e);
        }
        try {
            return OwnKey.of(info);
        } catch (GeneralSecurityException e) {
            throw unfit(file, e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new IdentityException("the private key in " + file + " is damaged. " + RESTORE, e);
        }
    }

    private static PrivateKeyInfo fromSec1(byte[] der) throws IOException {
        ECPrivateKey key = ECPrivateKey.getInstance(der);
        var algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
        return new PrivateKeyInfo(algorithm, key);
    }

    private static IdentityException encrypted(Path file) {
        return new IdentityException("the private key in " + file + " is encrypted, and an endpoint has nobody to ask"
                + " for the password. Decrypt it:  umask 077; openssl pkey -in " + file + " -out " + file
                + ".new && mv " + file + ".new " + file);
    }

    private static IdentityException unfit(Path file, String why, Throwable cause) {
        return new IdentityException("the private key in " + file + " cannot be used: " + why
                + "; P-256 and Ed25519 keys can. Make one:  openssl genpkey -algorithm EC -pkeyopt"
                + " ec_paramgen_curve:P-256 -out " + file, cause);
    }

    private static String renew(Path file) {
        return "Restore it from a copy; in the home folder, " + file
                + " may also be removed: the next start makes one for the same key";
    }
}
