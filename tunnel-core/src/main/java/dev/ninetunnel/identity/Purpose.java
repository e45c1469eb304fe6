package dev.ninetunnel.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** What a peer shows its certificate for (RFC 5280, 4.2.1.12). */
public enum Purpose {
    /** It has dialled this endpoint. */
    CLIENT("1.3.6.1.5.5.7.3.2", "clientAuth"),
    /** This endpoint has dialled it. */
    SERVER("1.3.6.1.5.5.7.3.1", "serverAuth");

    private static final String ANY = "2.5.29.37.0";

    private final String oid;
    private final String shown;

    Purpose(String oid, String shown) {
        this.oid = oid;
        this.shown = shown;
    }

    /** Whether a certificate may be used so: one that names no uses may be used for all. */
    boolean allowedBy(X509Certificate certificate) throws CertificateParsingException {
        List<String> uses = certificate.getExtendedKeyUsage();
        return uses == null || uses.contains(oid) || uses.contains(ANY);
    }

    /** As {@code openssl} calls it. */
    @Override
    public String toString() {
        return shown;
    }
}
