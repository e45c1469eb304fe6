package dev.ninetunnel.client;

import java.io.IOException;

/**
 * There is no conversation with the server, or none any more: it cannot be reached, speaks another language, broke
 * the protocol, or went away. Nothing that was asked and not answered is known to have happened or not.
 */
public final class ConversationException extends IOException {
    private static final long serialVersionUID = 1L;

    public ConversationException(String message) {
        super(message);
    }

    public ConversationException(String message, Throwable cause) {
        super(message, cause);
    }
}
