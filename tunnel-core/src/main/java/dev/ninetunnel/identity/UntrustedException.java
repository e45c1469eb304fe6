package dev.ninetunnel.identity;

import java.security.cert.CertificateException;
import java.util.Optional;
import org.bouncycastle.tls.AlertDescription;

/** Why a peer's certificate is refused. The message tells the administrator of this endpoint what was seen. */
public final class UntrustedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with it, and the alert that tells the other side (RFC 8446, 6.2) unless there is a more fitting one. */
    public enum Kind {
        /** Its key is not in the list of peers. */
        UNKNOWN_PEER(AlertDescription.unknown_ca),
        /** Its key is not the one that was expected where this endpoint dialled. */
        WRONG_KEY(AlertDescription.certificate_unknown),
        /** The day of its end, or of its beginning, says no. */
        OUT_OF_DATE(AlertDescription.certificate_expired),
        /** The list of peers itself cannot be read. */
        NO_LIST(AlertDescription.access_denied),
        /** No authority vouches for it, or not for this use. */
        NOT_VOUCHED(AlertDescription.unknown_ca),
        /** It is of a kind that is not accepted here, with any signer. */
        UNFIT(AlertDescription.unsupported_certificate),
        /** An authority has taken back what it vouched for. */
        REVOKED(AlertDescription.certificate_revoked),
        /** An authority vouches for it, under another name than the one that was expected. */
        WRONG_NAME(AlertDescription.certificate_unknown);

        private final short alert;

        Kind(short alert) {
            this.alert = alert;
        }
    }

    private final Kind kind;
    private final short alert;
    private final transient PeerId seen;

    public UntrustedException(Kind kind, PeerId seen, String message) {
        this(kind, kind.alert, seen, message);
    }

    public UntrustedException(Kind kind, short alert, PeerId seen, String message) {
        super(message);
        this.kind = kind;
        this.alert = alert;
        this.seen = seen;
    }

    /** What the other side is told. */
    public short alert() {
        return alert;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** Whose certificate it is. */
    public Optional<PeerId> seen() {
        return Optional.ofNullable(seen);
    }
}
