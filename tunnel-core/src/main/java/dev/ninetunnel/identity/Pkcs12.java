package dev.ninetunnel.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/** A key with its chain of certificates, as a PKCS#12 file holds it (RFC 7292). */
record Pkcs12(OwnKey key, List<X509Certificate> chain) {
    private static final int LONGEST_PASSWORD = 4096;

    /**
     * Reads a file that holds one key.
     *
     * @throws IdentityException if it is broken, the password is wrong, or the key is of a kind that is not used here
     */
    static Pkcs12 read(Path file, CredentialFiles.Password password) throws IdentityException {
        requireClosed(file, "the private key in ");
        char[] secret = secret(password);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(PemBlocks.bytes(file, PemBlocks.MOST_BYTES)), secret);
            String alias = onlyKey(file, store);
            Key key = store.getKey(alias, secret);
            List<X509Certificate> chain = Arrays.stream(store.getCertificateChain(alias))
                    .map(X509Certificate.class::cast).toList();
            return new Pkcs12(OwnKey.of(PrivateKeyInfo.getInstance(key.getEncoded())), chain);
        } catch (IOException e) {
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? new IdentityException("the password for " + file + " is wrong (" + origin(password) + ")", e)
                    : new IdentityException(file + " is no PKCS#12 file, or is damaged (" + e.getMessage() + ")", e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IdentityException("the private key in " + file + " cannot be used: " + e.getMessage()
                    + "; P-256 and Ed25519 keys can", e);
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    private static String onlyKey(Path file, KeyStore store) throws GeneralSecurityException, IdentityException {
        String found = null;
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && store.getCertificateChain(alias) != null) {
                if (found != null) {
                    throw new IdentityException(
                            "there are several keys in " + file + ": put the one that is meant into a "
                                    + "file of its own");
                }
                found = alias;
            }
        }
        if (found == null) {
            throw new IdentityException("there is no key with a certificate in " + file
                    + ". Make one:  openssl pkcs12 -export -inkey key.pem -in cert.pem -certfile above.pem -out "
                    + file);
        }
        return found;
    }

    private static char[] secret(CredentialFiles.Password password) throws IdentityException {
        if (password.file().isEmpty()) {
            return password.given().toCharArray();
        }
        Path file = password.file().get();
        requireClosed(file, "the password in ");
        return new String(PemBlocks.bytes(file, LONGEST_PASSWORD), StandardCharsets.UTF_8).lines().findFirst()
                .orElse("").toCharArray();
    }

    private static String origin(CredentialFiles.Password password) {
        return password.file().map(file -> "it is the first line of " + file).orElse(password.given().isEmpty()
                ? "none is given: put it into a file and give that with --password-file"
                : "it comes from the environment");
    }

    private static void requireClosed(Path file, String what) throws IdentityException {
        try {
            if (OwnFiles.openToOthers(file)) {
                throw new IdentityException(
                        what + file + " is open to other users of this host, so it may not be a secret "
                                + "any more. Close it:  chmod 600 " + file);
            }
        } catch (IOException e) {
            throw new IdentityException("cannot look at " + file + ": " + OwnFiles.why(e), e);
        }
    }
}
