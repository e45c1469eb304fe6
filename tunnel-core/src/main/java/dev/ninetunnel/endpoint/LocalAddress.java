package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.HostPort;
import java.nio.file.Path;

/** Where local programs reach a peer's files. */
public sealed interface LocalAddress {
    /** A unix socket, which only the user of this endpoint can connect to. */
    record Unix(Path path) implements LocalAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A TCP port on a loopback address, which every program of this machine can connect to. */
    record Tcp(HostPort address) implements LocalAddress {
        @Override
        public String toString() {
            return "tcp:" + address;
        }
    }

    /**
     * Reads {@code unix:PATH} or {@code tcp:HOST:PORT}; a bare path is a unix socket.
     *
     * @throws IllegalArgumentException with a message for people
     */
    static LocalAddress parse(String text) {
        if (text.startsWith("unix:")) {
            return new Unix(Path.of(text.substring(5)).toAbsolutePath());
        }
        if (text.startsWith("tcp:")) {
            HostPort address = HostPort.parse(text.substring(4));
            return new Tcp(address.host().isEmpty() ? new HostPort("127.0.0.1", address.port()) : address);
        }
        if (text.indexOf('/') >= 0) {
            return new Unix(Path.of(text).toAbsolutePath());
        }
        throw new IllegalArgumentException("'" + text + "' is no local address: write unix:PATH or tcp:HOST:PORT");
    }
}
