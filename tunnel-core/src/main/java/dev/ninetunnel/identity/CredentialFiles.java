package dev.ninetunnel.identity;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where an endpoint's papers are: what it shows to peers, and who may vouch for them.
 *
 * @param authorities files of certificates of authorities, in PEM; none where peers are known by their keys alone
 * @param revoked files of lists of revoked certificates, in PEM or DER
 */
public record CredentialFiles(Own own, List<Path> authorities, List<Path> revoked) {
    /** Throws {@link IllegalArgumentException}, with a message for people, for lists without an authority. */
    public CredentialFiles {
        authorities = List.copyOf(authorities);
        revoked = List.copyOf(revoked);
        if (!revoked.isEmpty() && authorities.isEmpty()) {
            throw new IllegalArgumentException(
                    "a list of revoked certificates (crl) is of no use without the authority (ca) that signs it");
        }
    }

    /** A key and certificate in a home folder, made there on first use, and no authorities. */
    public static CredentialFiles inHome(Path home) {
        return new CredentialFiles(new Own.Home(home), List.of(), List.of());
    }

    /** Where this endpoint's own key and certificate are. */
    public sealed interface Own {
        /** In {@code key.pem} and {@code cert.pem} of a folder, and made there if they are not. */
        record Home(Path folder) implements Own {}

        /** In two files of PEM, which may be the same; the certificate with those above it. */
        record Pem(Path certificate, Path key) implements Own {}

        /** In a PKCS#12 file (RFC 7292). */
        record Pkcs12(Path file, Password password) implements Own {}

        /** The files, all of them. */
        default List<Path> files() {
            return switch (this) {
                case Home(Path folder) ->
                    List.of(folder.resolve(Identity.KEY_FILE), folder.resolve(Identity.CERT_FILE));
                case Pem(Path certificate, Path key) -> List.of(certificate, key);
                case Pkcs12(Path file, Password password) ->
                    Stream.concat(Stream.of(file), password.file().stream()).toList();
            };
        }
    }

    /**
     * The password of a file.
     *
     * @param file where it is the first line, if it is in a file; of mode 0600
     * @param given the password itself, where it is not in a file; empty for none
     */
    public record Password(Optional<Path> file, String given) {
        /** It is not for logs. */
        @Override
        public String toString() {
            return file.map(Path::toString).orElse("a password");
        }
    }

    List<Path> trustFiles() {
        return Stream.concat(authorities.stream(), revoked.stream()).toList();
    }
}
