package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.dial.Destination;
import java.util.List;
import java.util.Optional;

/**
 * A peer, as a file names it.
 *
 * @param key its key; empty for the one that the list of peers has under this name, now or later
 * @param dial where it is dialled; empty for one that dials this endpoint
 * @param locals where its files are posted, besides its socket in the run directory
 */
public record PeerConfig(String name, Optional<PeerId> key, Optional<Destination> dial, List<LocalAddress> locals,
        Rights rights) {
    public PeerConfig {
        locals = List.copyOf(locals);
    }
}
