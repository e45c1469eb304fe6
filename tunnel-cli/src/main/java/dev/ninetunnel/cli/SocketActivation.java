package dev.ninetunnel.cli;

import dev.ninetunnel.endpoint.process.InheritedSockets;
import java.io.IOException;

/** The ports at which systemd listens for this process, if it was started by a socket. */
final class SocketActivation {
    private SocketActivation() {}

    static InheritedSockets sockets() {
        try {
            return InheritedSockets.of(System.getenv(), ProcessHandle.current().pid());
        } catch (IOException e) {
            throw new Failure(Failure.CONFIG, e.getMessage(), e);
        }
    }
}
