package dev.ninetunnel.cli;

import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the endpoint that runs here already and listens, so that invitations can be brought to it. */
final class PairingPlace {
    private PairingPlace() {}

    /**
     * Where it listens.
     *
     * @param wanted at whose port it must; any will do if empty
     */
    static Optional<HostPort> find(RunDirectory run, Invitations invitations, Optional<HostPort> wanted) {
        for (Path socket : ControlFiles.sockets(run)) {
            List<String> lines = read(run, socket);
            if (!lines.isEmpty() && lines.getFirst().equals(invitations.file().toString())) {
                Optional<HostPort> found = lines.stream().skip(1).map(HostPort::parse)
                        .filter(where -> wanted.isEmpty() || wanted.get().port() == where.port()).findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> read(RunDirectory run, Path socket) {
        try {
            return ControlFiles.read(run, socket, "pairing").lines().toList();
        } catch (IOException _) {
            return List.of(); // one that is gone, or an older one that knows no invitations
        }
    }
}
