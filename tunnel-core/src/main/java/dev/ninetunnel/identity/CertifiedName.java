package dev.ninetunnel.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * The name of a peer in its certificate: the first DNS name among the subject's alternative names (RFC 5280, 4.2.1.6), or,
 * where there is none, the one common name of the subject. It is taken letter by letter.
 */
final class CertifiedName {
    private static final int DNS = 2;

    private CertifiedName() {}

    /**
     * Finds it.
     *
     * @param commonNameCounts not so below an authority that may vouch for certain names only: common names escape its limits
     */
    static Optional<String> of(X509Certificate certificate, boolean commonNameCounts) throws CertificateException {
        Optional<String> dns = dns(certificate);
        return dns.isPresent() || !commonNameCounts ? dns : commonName(certificate);
    }

    private static Optional<String> dns(X509Certificate certificate) throws CertificateException {
        var names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return Optional.empty();
        }
        for (List<?> name : names) {
            if (Integer.valueOf(DNS).equals(name.getFirst())) {
                return Optional.of(String.valueOf(name.get(1)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> commonName(X509Certificate certificate) throws CertificateException {
        try {
            RDN[] all = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()).getRDNs();
            List<AttributeTypeAndValue> found = Arrays.stream(all)
                    .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
                    .filter(part -> part.getType().equals(BCStyle.CN)).toList();
            return found.size() == 1 && found.getFirst().getValue() instanceof ASN1String text
                    ? Optional.of(text.getString())
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new CertificateException("its subject cannot be read", e);
        }
    }
}
