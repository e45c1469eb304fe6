package dev.ninetunnel.identity;

import java.security.cert.CertificateException;
import java.util.Optional;

/** Why a peer's certificate is refused. The message tells the administrator of this endpoint what was seen. */
public final class UntrustedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with it. */
    public enum Kind {
        /** Its key is not in the list of peers. */
        UNKNOWN_PEER,
        /** Its key is not the one that was expected where this endpoint dialled. */
        WRONG_KEY,
        /** The day of its end, or of its beginning, says no. */
        OUT_OF_DATE,
        /** The list of peers itself cannot be read. */
        NO_LIST,
        /** No authority vouches for it, or not for this use. */
        NOT_VOUCHED,
        /** An authority has taken back what it vouched for. */
        REVOKED,
        /** An authority vouches for it, under another name than the one that was expected. */
        WRONG_NAME
    }

    private final Kind kind;
    private final transient PeerId seen;

    UntrustedException(Kind kind, PeerId seen, String message) {
        super(message);
        this.kind = kind;
        this.seen = seen;
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
