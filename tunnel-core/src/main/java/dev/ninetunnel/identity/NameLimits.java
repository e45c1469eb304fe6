package dev.ninetunnel.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * The name constraints of an authority that is trusted of itself (RFC 5280, 4.2.1.10): the rules of PKIX hold those of
 * certificates below it only, and the JDK refuses to look for others. Immutable.
 */
final class NameLimits {
    private final NameConstraints constraints;

    private NameLimits(NameConstraints constraints) {
        this.constraints = constraints;
    }

    /** Whether a certificate has any. */
    static boolean areIn(X509Certificate certificate) {
        return certificate.getExtensionValue(Extension.nameConstraints.getId()) != null;
    }

    /**
     * Those of an authority; none, if it has none.
     *
     * @throws IllegalArgumentException if they cannot be read
     */
    static NameLimits of(X509Certificate authority) {
        byte[] value = authority.getExtensionValue(Extension.nameConstraints.getId());
        return new NameLimits(value == null
                ? null
                : NameConstraints.getInstance(ASN1OctetString.getInstance(value).getOctets()));
    }

    /**
     * Looks at the names of certificates below the authority, the peer's own first (RFC 5280, 6.1.3).
     *
     * @throws NameConstraintValidatorException if it may not vouch for one of them
     * @throws IllegalArgumentException if a name cannot be read
     */
    void check(List<X509Certificate> below) throws NameConstraintValidatorException {
        if (constraints == null) {
            return;
        }
        PKIXNameConstraintValidator validator = validator();
        for (X509Certificate certificate : below) {
            boolean selfIssued = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            if (!selfIssued || certificate.equals(below.getFirst())) {
                check(validator, certificate);
            }
        }
    }

    private PKIXNameConstraintValidator validator() {
        PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
        if (constraints.getPermittedSubtrees() != null) {
            validator.intersectPermittedSubtree(constraints.getPermittedSubtrees());
        }
        if (constraints.getExcludedSubtrees() != null) {
            for (GeneralSubtree excluded : constraints.getExcludedSubtrees()) {
                validator.addExcludedSubtree(excluded);
            }
        }
        return validator;
    }

    private static void check(PKIXNameConstraintValidator validator, X509Certificate certificate)
            throws NameConstraintValidatorException {
        X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        if (subject.size() > 0) {
            validator.checkPermittedDN(subject);
            validator.checkExcludedDN(subject);
        }
        for (RDN mail : subject.getRDNs(BCStyle.EmailAddress)) {
            if (mail.getFirst().getValue() instanceof ASN1String address) {
                check(validator, new GeneralName(GeneralName.rfc822Name, address.getString()));
            }
        }
        byte[] others = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
        if (others != null) {
            for (GeneralName other : GeneralNames.getInstance(ASN1OctetString.getInstance(others).getOctets())
                    .getNames()) {
                check(validator, other);
            }
        }
    }

    private static void check(PKIXNameConstraintValidator validator, GeneralName name)
            throws NameConstraintValidatorException {
        validator.checkPermitted(name);
        validator.checkExcluded(name);
    }
}
