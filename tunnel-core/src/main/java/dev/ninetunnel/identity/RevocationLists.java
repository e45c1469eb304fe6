package dev.ninetunnel.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;

/**
 * Lists of revoked certificates (RFC 5280, 5), each signed by the authority whose certificates it is about. Where there are
 * any, a certificate whose signer has no list here that is in date is refused: an attacker who holds back a newer list could
 * otherwise undo it. Immutable.
 */
final class RevocationLists {
    private static final int SIGNS_LISTS = 6;
    /** The lists of large authorities have a million entries of 40 bytes. */
    private static final int MOST_BYTES = 64 << 20;
    private static final String REMEDY = "Fetch the list again from the authority";
    /** Extensions of a list that is only part of one: changes since another, or some kinds of certificates. */
    private static final Set<String> PARTIAL = Set.of("2.5.29.27", "2.5.29.28");

    private final List<Listed> lists;

    /** A list, and where it was read, for messages. */
    private record Listed(X509CRL list, String where) {}

    private RevocationLists(List<Listed> lists) {
        this.lists = List.copyOf(lists);
    }

    /**
     * Reads files in PEM or DER.
     *
     * @throws IdentityException if one is broken, is only part of a list, or says that it is by one of these authorities but
     *     is not
     */
    static RevocationLists read(List<Path> files, List<X509Certificate> authorities) throws IdentityException {
        List<Listed> all = new ArrayList<>();
        for (Path file : files) {
            List<Listed> found = read(file);
            if (found.isEmpty()) {
                throw new IdentityException("there is no list of revoked certificates in " + file
                        + ": a PEM block \"X509 CRL\", or DER, is wanted. " + REMEDY);
            }
            for (Listed list : found) {
                requireGenuine(list, authorities);
                all.add(list);
            }
        }
        return new RevocationLists(all);
    }

    private static List<Listed> read(Path file) throws IdentityException {
        byte[] bytes = PemBlocks.bytes(file, MOST_BYTES);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.contains("-----BEGIN ")) {
            return List.of(new Listed(parse(bytes, file.toString()), file.toString()));
        }
        List<Listed> found = new ArrayList<>();
        for (PemBlocks.Block block : PemBlocks.parse(file, text, REMEDY)) {
            if (block.object().getType().equals("X509 CRL")) {
                String where = file + ":" + block.line();
                found.add(new Listed(parse(block.object().getContent(), where), where));
            }
        }
        return found;
    }

    private static X509CRL parse(byte[] der, String where) throws IdentityException {
        try {
            X509CRL list = (X509CRL) CertificateFactory.getInstance("X.509")
                    .generateCRL(new ByteArrayInputStream(der));
            Set<String> critical = list.getCriticalExtensionOIDs();
            if (critical != null && critical.stream().anyMatch(PARTIAL::contains)) {
                throw new IdentityException(
                        where + ": this is only part of a list of revoked certificates (a delta, or for "
                                + "some kinds of certificates). A complete list is wanted");
            }
            if (critical != null && !critical.isEmpty()) {
                throw new IdentityException(
                        where + ": this list has an extension that is not understood here: " + critical);
            }
            return list;
        } catch (CRLException | CertificateException e) {
            throw new IdentityException(
                    where + ": this list of revoked certificates is damaged (" + e.getMessage() + "). "
                            + REMEDY,
                    e);
        }
    }

    private static void requireGenuine(Listed list, List<X509Certificate> authorities) throws IdentityException {
        List<X509Certificate> named = authorities.stream()
                .filter(a -> a.getSubjectX500Principal().equals(list.list.getIssuerX500Principal())).toList();
        if (!named.isEmpty() && named.stream().noneMatch(authority -> isOf(list.list, authority))) {
            throw new IdentityException(list.where + ": this list of revoked certificates says that it is by "
                    + PeerId.printable(String.valueOf(list.list.getIssuerX500Principal()))
                    + ", but that authority has not signed it. " + REMEDY);
        }
    }

    private static boolean isOf(X509CRL list, X509Certificate authority) {
        boolean[] usage = authority.getKeyUsage();
        if (!list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
                || (usage != null && !usage[SIGNS_LISTS])) {
            return false;
        }
        try {
            list.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** When the lists are to be replaced, each with where it is. */
    List<Expiration> endings() {
        return lists.stream().filter(l -> l.list.getNextUpdate() != null)
                .map(l -> new Expiration("the list of revoked certificates in " + l.where,
                        l.list.getNextUpdate().toInstant(), false))
                .toList();
    }

    /** Throws if a certificate of the chain is on a list. */
    void requireUnlisted(Chain chain, PeerId id) throws UntrustedException {
        for (int i = 0; i < chain.below().size(); i++) {
            X509Certificate certificate = chain.below().get(i);
            for (Listed list : of(chain.signerOf(i))) {
                X509CRLEntry entry = list.list.getRevokedCertificate(certificate.getSerialNumber());
                if (entry != null) {
                    throw new UntrustedException(UntrustedException.Kind.REVOKED, id, (i == 0
                            ? "its certificate"
                            : "the authority " + PeerId.printable(certificate.getSubjectX500Principal().toString()))
                            + " was revoked on " + entry.getRevocationDate().toInstant() + " (" + list.where + ")");
                }
            }
        }
    }

    /** Throws if the signer of the peer's certificate has no list here that is in date, or one above has only old ones. */
    void requireKnown(Chain chain, PeerId id, Instant now) throws UntrustedException {
        if (lists.isEmpty()) {
            return;
        }
        for (int i = 0; i < chain.below().size(); i++) {
            X509Certificate signer = chain.signerOf(i);
            List<Listed> found = of(signer);
            String who = PeerId.printable(signer.getSubjectX500Principal().toString());
            if (found.isEmpty() && i == 0) {
                throw unknown(id, "whether its certificate was revoked is not known: there is no list by " + who
                        + ". Give one with --crl");
            }
            if (!found.isEmpty() && found.stream().noneMatch(l -> inDate(l.list, now))) {
                throw unknown(id, "whether its certificate was revoked is not known: the list by " + who + " ("
                        + found.getFirst().where + ") should have been replaced on "
                        + found.getFirst().list.getNextUpdate().toInstant() + ". " + REMEDY);
            }
        }
    }

    private List<Listed> of(X509Certificate signer) {
        return lists.stream().filter(list -> isOf(list.list, signer)).toList();
    }

    private static boolean inDate(X509CRL list, Instant now) {
        Date next = list.getNextUpdate();
        return next == null || !now.isAfter(next.toInstant());
    }

    private static UntrustedException unknown(PeerId id, String why) {
        return new UntrustedException(UntrustedException.Kind.NOT_VOUCHED, AlertDescription.certificate_unknown, id,
                why);
    }
}
