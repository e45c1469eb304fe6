package dev.ninetunnel.cli.options;

import dev.ninetunnel.identity.CredentialFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What an endpoint shows to its peers, and who may vouch for them, where that is not in the home directory. */
public final class CredentialOptions {
    /** Where a password may be that is in no file. */
    private static final String PASSWORD = "NINETUNNEL_PKCS12_PASSWORD";

    @Option(names = "--ca", paramLabel = "FILE", description = "Trust the certificates of these authorities (PEM): "
            + "a peer's name is the first DNS name in its certificate, or the common name if there is none. Only "
            + "expected names are let in, and a trusted key takes precedence. Several times for several files.")
    private List<Path> authorities = new ArrayList<>();

    @Option(names = "--crl", paramLabel = "FILE", description = "The authorities' lists of revoked certificates "
            + "(PEM or DER). If there are any, each authority needs a list that is in date, or its peers are "
            + "refused.")
    private List<Path> revoked = new ArrayList<>();

    @Option(names = "--cert", paramLabel = "FILE", description = "This endpoint's certificate, followed by its issuers' (PEM). "
            + "Default: cert.pem in the home directory.")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "The key for --cert, mode 0600. Default: in the same file.")
    private Path key;

    @Option(names = "--pkcs12", paramLabel = "FILE", description = "Key and certificates in PKCS#12, in place of --cert and "
            + "--key.")
    private Path pkcs12;

    @Option(names = "--password-file", paramLabel = "FILE", description = "A file of mode 0600 with the password of --pkcs12. "
            + "Default: what $" + PASSWORD + " has, or none.")
    private Path password;

    /** Where all that is. Throws {@link IllegalArgumentException}, with a message for the person who typed it. */
    CredentialFiles files(Path home, Map<String, String> environment) {
        return new CredentialFiles(own(home, certificate, key, pkcs12, password, environment),
                authorities.stream().map(Path::toAbsolutePath).toList(),
                revoked.stream().map(Path::toAbsolutePath).toList());
    }

    /** What this endpoint shows, with options that were given anyhow; null for each that was not. */
    public static CredentialFiles.Own own(Path home, Path certificate, Path key, Path pkcs12, Path password,
            Map<String, String> environment) {
        if (pkcs12 != null) {
            if (certificate != null || key != null) {
                throw new IllegalArgumentException(
                        "a certificate and key are either in PKCS#12 (pkcs12) or in PEM (cert, "
                                + "key): leave one out");
            }
            return new CredentialFiles.Own.Pkcs12(pkcs12.toAbsolutePath(), new CredentialFiles.Password(
                    Optional.ofNullable(password).map(Path::toAbsolutePath), environment.getOrDefault(PASSWORD, "")));
        }
        if (password != null) {
            throw new IllegalArgumentException("a password-file is for pkcs12, and there is none");
        }
        if (certificate == null) {
            if (key != null) {
                throw new IllegalArgumentException("a key is of no use without its certificate: add cert");
            }
            return new CredentialFiles.Own.Home(home);
        }
        return new CredentialFiles.Own.Pem(certificate.toAbsolutePath(),
                (key == null ? certificate : key).toAbsolutePath());
    }
}
