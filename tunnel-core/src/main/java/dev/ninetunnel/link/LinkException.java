package dev.ninetunnel.link;

import dev.ninetunnel.identity.PeerId;
import java.util.Optional;

/** Why there is no link. The message says what happened, why, and what to do next. */
public final class LinkException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as it calls for different action. */
    public enum Kind {
        /** The host's name is not known. */
        NAME,
        /** No route, or no network. */
        UNREACHABLE,
        /** No program listens on that port. */
        REFUSED,
        /** No answer in time. */
        TIMEOUT,
        /** The connection was accepted, and then too little came in time. */
        STALLED,
        /** Who answered does not speak TLS. */
        NOT_TLS,
        /** Who answered has another key than the one expected. */
        WRONG_KEY,
        /** Who answered has the right key, but a certificate whose time is over or not yet come. */
        EXPIRED,
        /** Who answered has no version, cipher or key exchange in common with this endpoint. */
        NO_COMMON_TERMS,
        /** Who answered does not accept this endpoint's certificate. */
        REFUSED_BY_PEER,
        /** Who answered closed the connection before the handshake was over. */
        CLOSED,
        /** A proxy does not let this endpoint in: it wants to know who it is, or does not like what it was told. */
        PROXY_AUTH,
        /** A proxy may not connect to that place. */
        PROXY_REFUSED,
        /** The command that was to lead there cannot be run. */
        NO_COMMAND,
        /** The command that was to lead there has ended. */
        COMMAND_ENDED,
        /** The port cannot be listened on. */
        BIND,
        /** Anything else. */
        OTHER
    }

    private final Kind kind;
    private final transient PeerId seen;

    /** With a message for people, and what led to it. */
    public LinkException(Kind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    LinkException(Kind kind, String message, PeerId seen, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.seen = seen;
    }

    /** The same, said of one thing on the way. */
    public LinkException about(String what) {
        return new LinkException(kind, what + ": " + getMessage(), seen, this);
    }

    public Kind kind() {
        return kind;
    }

    /** Whose key was seen at the other end, where one was. */
    public Optional<PeerId> seen() {
        return Optional.ofNullable(seen);
    }
}
