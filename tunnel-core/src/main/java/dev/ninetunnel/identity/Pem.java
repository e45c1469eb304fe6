package dev.ninetunnel.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Reads and writes the two files of an identity, in PEM (RFC 7468). */
final class Pem {
    /** Far more than a key and a chain need; a file beyond it is some other file. */
    private static final long MAX_BYTES = 1 << 20;

    private static final String RESTORE = "Restore it from a copy, or remove key.pem and cert.pem to get a new identity"
            + " (peers must then trust its new id)";

    private Pem() {}

    /** The private key of a file: PKCS #8, or SEC 1 as {@code openssl ecparam -genkey} writes it. */
    static OwnKey readKey(Path file) throws IdentityException {
        for (PemObject block : blocks(file, RESTORE)) {
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
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemObject block : blocks(file, renew(file))) {
                if (block.getType().equals("CERTIFICATE")) {
                    chain.add((X509Certificate) factory
                            .generateCertificate(new ByteArrayInputStream(block.getContent())));
                }
            }
        } catch (CertificateException e) {
            throw new IdentityException("a certificate in " + file + " is damaged (" + e.getMessage() + "). "
                    + renew(file), e);
        }
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

    private static List<PemObject> blocks(Path file, String remedy) throws IdentityException {
        String text;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IdentityException(file + " is larger than a PEM file of keys or certificates ever is");
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IdentityException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IdentityException("cannot read " + file + ": " + e, e);
        }
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            throw new IdentityException(file + " is not well-formed PEM (" + e.getMessage() + "). " + remedy, e);
        }
        return blocks;
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
        return "Restore it from a copy, or remove " + file + ": a new one is made for the same key";
    }
}
