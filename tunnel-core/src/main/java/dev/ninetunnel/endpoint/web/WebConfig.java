package dev.ninetunnel.endpoint.web;

import dev.ninetunnel.link.HostPort;
import java.util.Optional;

/**
 * What an endpoint tells by HTTP, on this machine unless something else is said.
 *
 * @param metrics where it tells its metrics and its health; nowhere, if not said
 */
public record WebConfig(Optional<HostPort> metrics) {
    /** Nothing. */
    public static final WebConfig NONE = new WebConfig(Optional.empty());
    /** The host that is meant where none is given. */
    private static final String LOOPBACK = "127.0.0.1";

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
