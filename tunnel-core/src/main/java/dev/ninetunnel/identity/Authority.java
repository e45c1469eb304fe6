package dev.ninetunnel.identity;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.tls.AlertDescription;

/**
 * The authorities of an organisation: their certificates name their holders. The rules are those
 * of RFC 5280, 6 (PKIX), as the JDK has them; a certificate must also be made for its use, and be on no list of revoked ones.
 * Immutable.
 */
public final class Authority {
    private static final int SIGNS_CERTIFICATES = 5;
    private static final int SIGNS = 0;
    private static final String REMEDY = "Restore it from a copy, or fetch it again from the authority";

    private final List<X509Certificate> certificates;
    private final List<Expiration> endings;
    private final RevocationLists revoked;

    private Authority(List<X509Certificate> certificates, List<Expiration> endings, RevocationLists revoked) {
        this.certificates = List.copyOf(certificates);
        this.endings = List.copyOf(endings);
        this.revoked = revoked;
    }

    /**
     * Reads files of certificates in PEM, and of lists.
     *
     * @throws IdentityException if one is broken, or a certificate is not an authority's
     */
    static Authority read(List<Path> files, List<Path> lists) throws IdentityException {
        List<X509Certificate> all = new ArrayList<>();
        List<Expiration> endings = new ArrayList<>();
        for (Path file : files) {
            List<PemBlocks.Certificate> found = PemBlocks.certificates(file, REMEDY);
            if (found.isEmpty()) {
                throw new IdentityException("there is no certificate in " + file + ": a PEM block \"CERTIFICATE\" is "
                        + "wanted. " + REMEDY);
            }
            for (PemBlocks.Certificate one : found) {
                String where = file + ":" + one.line();
                requireAuthority(one.certificate(), where);
                all.add(one.certificate());
                endings.add(
                        new Expiration("the certificate of the authority " + subject(one.certificate()) + " (" + where
                                + ")", one.certificate().getNotAfter().toInstant()));
            }
        }
        RevocationLists revoked = RevocationLists.read(lists, all);
        endings.addAll(revoked.endings());
        return new Authority(all, endings, revoked);
    }

    private static void requireAuthority(X509Certificate certificate, String where) throws IdentityException {
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || (usage != null && !usage[SIGNS_CERTIFICATES])) {
            throw new IdentityException(where + ": the certificate of " + subject(certificate)
                    + " is no authority's: it "
                    + "may not sign others (basicConstraints, keyUsage). Give the authority's own with --ca; to trust this one "
                    + "key, use 'ninetunnel trust'");
        }
        Optional<String> flaw = Signatures.flawOf(certificate.getPublicKey());
        if (flaw.isPresent()) {
            throw new IdentityException(where + ": the certificate of " + subject(certificate)
                    + " cannot vouch for anybody: " + flaw.get() + ". The authority needs another key");
        }
        try {
            NameLimits.of(certificate);
        } catch (IllegalArgumentException e) {
            throw new IdentityException(where + ": the name constraints of this certificate cannot be read", e);
        }
    }

    /** When what is here ends. */
    List<Expiration> endings() {
        return endings;
    }

    /**
     * What a peer is called that has shown these certificates, its own first.
     *
     * @throws UntrustedException if they do not hold now
     */
    public Peer vouch(List<X509Certificate> sent, Purpose purpose, Instant now) throws UntrustedException {
        X509Certificate own = sent.getFirst();
        PeerId id = PeerId.of(own.getPublicKey());
        Validity.requireInDate(own, id, now);
        Chain chain = valid(sent, purpose, id, now);
        revoked.requireUnlisted(chain, id);
        revoked.requireKnown(chain, id, now);
        return named(chain, id);
    }

    /**
     * Whether what was valid at some moment is so still, but for the passing of time: no certificate was revoked, and no
     * authority taken away.
     */
    boolean stillVouches(List<X509Certificate> sent, Purpose purpose, Instant then) {
        PeerId id = PeerId.of(sent.getFirst().getPublicKey());
        try {
            revoked.requireUnlisted(valid(sent, purpose, id, then), id);
            return true;
        } catch (UntrustedException e) {
            return false;
        }
    }

    private Chain valid(List<X509Certificate> sent, Purpose purpose, PeerId id, Instant at) throws UntrustedException {
        Chain chain = Chain.find(sent, certificates).orElseThrow(() -> refusal(AlertDescription.unknown_ca, id,
                "its key " + id + " is not trusted here, and no authority of --ca has signed its certificate ("
                        + subject(sent.getFirst()) + ", by "
                        + PeerId.printable(sent.getFirst().getIssuerX500Principal().toString())
                        + "). If others stand between, they must be in its own certificate file, behind its own"));
        try {
            requireSignatures(chain, id);
            requireRoom(chain, id);
            if (at.isAfter(chain.authority().getNotAfter().toInstant())) {
                throw refusal(AlertDescription.certificate_expired, id,
                        "the authority " + subject(chain.authority()) + " ended on "
                                + chain.authority().getNotAfter().toInstant());
            }
            NameLimits.of(chain.authority()).check(chain.below());
            PKIXParameters rules = new PKIXParameters(Set.of(new TrustAnchor(chain.authority(), null)));
            rules.setRevocationEnabled(false);
            rules.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX").validate(
                    CertificateFactory.getInstance("X.509").generateCertPath(chain.below()), rules);
            requirePurpose(chain, purpose, id);
            return chain;
        } catch (CertPathValidatorException e) {
            throw refusal(alert(e), id, "its certificate does not hold: " + which(chain, e.getIndex())
                    + PeerId.printable(String.valueOf(e.getMessage())));
        } catch (NameConstraintValidatorException e) {
            throw refusal(id, "the authority " + subject(chain.authority()) + " may not vouch for its names: "
                    + PeerId.printable(String.valueOf(e.getMessage())));
        } catch (UntrustedException e) {
            throw e;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw refusal(id, "its certificate does not hold: " + PeerId.printable(String.valueOf(e.getMessage())));
        }
    }

    private static short alert(CertPathValidatorException fault) {
        return fault.getReason() == BasicReason.EXPIRED || fault.getReason() == BasicReason.NOT_YET_VALID
                ? AlertDescription.certificate_expired
                : AlertDescription.bad_certificate;
    }

    private static String which(Chain chain, int index) {
        return index < 0 || index >= chain.below().size() ? "" : subject(chain.below().get(index)) + ": ";
    }

    private static void requireSignatures(Chain chain, PeerId id) throws UntrustedException {
        for (X509Certificate certificate : chain.below()) {
            Optional<String> flaw = Signatures.flawOf(certificate)
                    .or(() -> certificate.equals(chain.own())
                            ? Optional.empty()
                            : Signatures.flawOf(certificate.getPublicKey()));
            if (flaw.isPresent()) {
                throw refusal(AlertDescription.unsupported_certificate, id,
                        "the certificate of " + subject(certificate) + " does not hold: " + flaw.get());
            }
        }
    }

    /** RFC 5280, 4.2.1.9, for the authority itself, which the rules of PKIX leave alone. */
    private static void requireRoom(Chain chain, PeerId id) throws UntrustedException {
        long between = chain.below().stream().skip(1)
                .filter(c -> !c.getSubjectX500Principal().equals(c.getIssuerX500Principal())).count();
        if (between > chain.authority().getBasicConstraints()) {
            throw refusal(id, "the authority " + subject(chain.authority()) + " may not have " + between
                    + " others below it");
        }
    }

    /** Others above the peer that are for some uses only cannot vouch for more than that. */
    private static void requirePurpose(Chain chain, Purpose purpose, PeerId id)
            throws UntrustedException, CertificateException {
        for (X509Certificate certificate : chain.below()) {
            if (!purpose.allowedBy(certificate)) {
                throw refusal(AlertDescription.unsupported_certificate, id, "the certificate of " + subject(certificate)
                        + " is not for this use: its extendedKeyUsage lacks " + purpose);
            }
        }
        boolean[] usage = chain.own().getKeyUsage();
        if (usage != null && !usage[SIGNS]) {
            throw refusal(AlertDescription.unsupported_certificate, id,
                    "its certificate is not for this use: its keyUsage lacks digitalSignature");
        }
    }

    private static Peer named(Chain chain, PeerId id) throws UntrustedException {
        boolean limited = Stream.concat(chain.below().stream(), Stream.of(chain.authority()))
                .anyMatch(NameLimits::areIn);
        try {
            String name = CertifiedName.of(chain.own(), !limited).orElseThrow(() -> refusal(id,
                    "its certificate names nobody: a DNS name among its subjectAltName, or one common name, is wanted"
                            + (limited
                                    ? " (a common name does not count below an authority with name constraints)"
                                    : "")));
            return new Peer(id, name);
        } catch (IllegalArgumentException e) {
            throw refusal(id, "the name in its certificate cannot be used here: " + e.getMessage());
        } catch (UntrustedException e) {
            throw e;
        } catch (CertificateException e) {
            throw refusal(id, "the names in its certificate cannot be read: "
                    + PeerId.printable(String.valueOf(e.getMessage())));
        }
    }

    static String subject(X509Certificate certificate) {
        return PeerId.printable(certificate.getSubjectX500Principal().toString());
    }

    private static UntrustedException refusal(PeerId id, String why) {
        return refusal(AlertDescription.bad_certificate, id, why);
    }

    private static UntrustedException refusal(short alert, PeerId id, String why) {
        return new UntrustedException(UntrustedException.Kind.NOT_VOUCHED, alert, id, why);
    }
}
