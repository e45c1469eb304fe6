package dev.ninetunnel.identity;

/**
 * A key, a certificate or a list of peers that cannot be used. The message is for the person who runs the endpoint:
 * what is wrong, with which file, and what to do.
 */
public final class IdentityException extends Exception {
    private static final long serialVersionUID = 1L;

    IdentityException(String message) {
        super(message);
    }

    public IdentityException(String message, Throwable cause) {
        super(message, cause);
    }
}
