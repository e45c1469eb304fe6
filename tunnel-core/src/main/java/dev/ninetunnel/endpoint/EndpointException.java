package dev.ninetunnel.endpoint;

/** An endpoint that cannot start, or cannot go on: what happened, why, and what to do next. */
public final class EndpointException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What sort of thing is wrong, and so who can mend it. */
    public enum Kind {
        /** A file or option of this endpoint is not as it should be. */
        CONFIG,
        /** Something that was named, such as a directory to export, does not exist or cannot be read. */
        MISSING,
        /** A host name is not known. */
        NO_HOST,
        /** The far side cannot be reached, or a port is taken; it may pass. */
        UNAVAILABLE,
        /** A socket or directory cannot be made. */
        CANNOT_CREATE,
        /** The far side speaks something else. */
        PROTOCOL,
        /** One side does not let the other in. */
        NOT_ALLOWED
    }

    private final Kind kind;

    /** With a message for people. */
    public EndpointException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** With a message for people, and what led to it. */
    public EndpointException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
