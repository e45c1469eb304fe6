package dev.ninetunnel.endpoint.web;

import dev.ninetunnel.link.HostPort;
import java.util.Optional;
import java.util.Set;

/**
 * What an endpoint tells by HTTP, on this machine unless something else is said.
 *
 * @param metrics where it tells its metrics and its health; nowhere, if not said
 * @param page where it serves its status page from the start on; where and when somebody asks for it, if not said
 */
public record WebConfig(Optional<HostPort> metrics, Optional<HostPort> page) {
    /** Nothing. */
    public static final WebConfig NONE = new WebConfig(Optional.empty(), Optional.empty());
    /** The host that is meant where none is given. */
    private static final String LOOPBACK = "127.0.0.1";
    /** On this machine, at any port that is free. */
    public static final HostPort ANY_PORT = new HostPort(LOOPBACK, 0);

    /**
     * That place, if it is of this host alone.
     *
     * @throws IllegalArgumentException with a message for people, if others can reach it
     */
    public static HostPort requireLoopback(HostPort where) {
        if (!Set.of(LOOPBACK, "localhost", "::1").contains(where.host())) {
            throw new IllegalArgumentException("the status page is for this host alone, not for " + where
                    + ": give a port without a host, and reach it from elsewhere through ssh -L");
        }
        return where;
    }

    /**
     * Reads {@code [HOST:]PORT}; without a host it is of this machine alone, and {@code *} stands for all addresses.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    public static HostPort place(String text) {
        HostPort where = HostPort.parse(text, 0);
        if (where.port() == 0 && !text.endsWith("0")) {
            throw new IllegalArgumentException(text + " has no port: write [HOST:]PORT");
        }
        return switch (where.host()) {
            case "" -> new HostPort(LOOPBACK, where.port());
            case "*" -> new HostPort("", where.port());
            default -> where;
        };
    }
}
