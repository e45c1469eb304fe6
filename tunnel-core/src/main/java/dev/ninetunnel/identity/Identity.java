package dev.ninetunnel.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Who this endpoint is: a private key, and the certificate chain that it shows. They live in two files of its home
 * folder, {@code key.pem} (mode 0600) and {@code cert.pem}, and are made on first use. Files that {@code openssl} wrote
 * serve as well: a P-256 or Ed25519 key, with a chain of certificates or with none, in which case a self-signed one is
 * added. Immutable.
 */
public final class Identity {
    /** The file of the private key, in the home folder. */
    public static final String KEY_FILE = "key.pem";
    /** The file of the certificate chain, in the home folder. */
    public static final String CERT_FILE = "cert.pem";

    private final OwnKey key;
    private final List<X509Certificate> chain;
    private final PeerId id;

    private Identity(OwnKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = List.copyOf(chain);
        this.id = PeerId.of(chain.getFirst().getPublicKey());
    }

    /** As {@link #loadOrCreate(Path, Clock)}, by the system's clock. */
    public static Identity loadOrCreate(Path home) throws IdentityException {
        return loadOrCreate(home, Clock.systemUTC());
    }

    /**
     * Loads the identity in a home folder, having made it first where there is none. Two processes that start at the
     * same time end up with the same one.
     *
     * @throws IdentityException if what is there cannot be used, or nothing can be made there
     */
    public static Identity loadOrCreate(Path home, Clock clock) throws IdentityException {
        Path keyFile = home.resolve(KEY_FILE);
        Path certFile = home.resolve(CERT_FILE);
        try {
            OwnFiles.makeFolder(home);
            if (Files.notExists(keyFile)) {
                if (Files.exists(certFile)) {
                    throw new IdentityException("there is a certificate but no key: put the key of " + certFile
                            + " into " + keyFile + ", or remove the certificate to get a new identity");
                }
                byte[] der = OwnKey.generate().privateKey().getEncoded();
                OwnFiles.writeIfAbsent(keyFile, Pem.write("PRIVATE KEY", der));
            }
            refuseIfOpen(keyFile);
            OwnKey key = Pem.readKey(keyFile);
            if (Files.notExists(certFile)) {
                X509Certificate made = SelfSigned.certificate(key, clock);
                OwnFiles.writeIfAbsent(certFile, Pem.write("CERTIFICATE", made.getEncoded()));
            }
            return checked(key, Pem.readChain(certFile), keyFile, certFile, clock.instant());
        } catch (IOException e) {
            throw new IdentityException("cannot keep the key and certificate in " + home + ": " + OwnFiles.why(e)
                    + ". Choose another folder with --home", e);
        } catch (GeneralSecurityException e) {
            throw new IdentityException("cannot make a key and certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Loads the identity from where it is. Only in a home folder is anything made.
     *
     * @throws IdentityException if what is there cannot be used
     */
    static Identity load(CredentialFiles.Own own, Clock clock) throws IdentityException {
        return switch (own) {
            case CredentialFiles.Own.Home(Path folder) -> loadOrCreate(folder, clock);
            case CredentialFiles.Own.Pem(Path certFile, Path keyFile) -> {
                try {
                    refuseIfOpen(keyFile);
                } catch (IOException e) {
                    throw new IdentityException("cannot read the key " + keyFile + ": " + OwnFiles.why(e), e);
                }
                yield checked(Pem.readKey(keyFile), Pem.readChain(certFile), keyFile, certFile, clock.instant());
            }
            case CredentialFiles.Own.Pkcs12(Path file, CredentialFiles.Password password) -> {
                Pkcs12 both = Pkcs12.read(file, password);
                yield checked(both.key(), both.chain(), file, file, clock.instant());
            }
        };
    }

    /** The id by which peers know this endpoint. */
    public PeerId id() {
        return id;
    }

    /** What it shows to peers, its own certificate first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    public OwnKey key() {
        return key;
    }

    private static void refuseIfOpen(Path keyFile) throws IOException, IdentityException {
        if (OwnFiles.openToOthers(keyFile)) {
            throw new IdentityException("the private key " + keyFile + " is open to other users of this host, so it"
                    + " may not be a secret any more. Close it:  chmod 600 " + keyFile);
        }
    }

    private static Identity checked(OwnKey key, List<X509Certificate> chain, Path keyFile, Path certFile, Instant now)
            throws IdentityException {
        X509Certificate own = chain.getFirst();
        if (!key.belongsTo(own.getPublicKey())) {
            throw new IdentityException("the key in " + keyFile + " is not the one that the first certificate in "
                    + certFile + " is for. Put the right pair there, or remove " + certFile
                    + " to have a self-signed certificate made for the key");
        }
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new IdentityException("the certificate in " + certFile + " expired on "
                    + own.getNotAfter().toInstant() + ". Renew it for the same key, or remove it to have one made that"
                    + " does not expire; the peer id stays as it is");
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw new IdentityException("the certificate in " + certFile + " is not valid before "
                    + own.getNotBefore().toInstant() + ", and it is " + now
                    + " now. Set this host's clock right, or remove the certificate to have one made");
        }
        return new Identity(key, chain);
    }
}
