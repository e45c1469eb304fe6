package dev.ninetunnel.client;

import java.io.IOException;

/** At the socket of a server answers a process of a user who was not meant. Nothing has been said to it. */
public final class ForeignServerException extends IOException {
    private static final long serialVersionUID = 1L;

    ForeignServerException(String socket, int uid) {
        super("at " + socket + " answers a process of user " + uid + ", who is not meant");
    }
}
