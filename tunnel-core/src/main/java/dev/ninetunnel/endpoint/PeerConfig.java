package dev.ninetunnel.endpoint;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.endpoint.mount.MountConfig;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.dial.Destination;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A peer, as a file names it.
 *
 * @param key its key; empty for the one that the list of peers has under this name, now or later
 * @param dial where it is dialled; empty for one that dials this endpoint
 * @param locals where its files are posted, besides its socket in the run directory
 * @param cache what is kept of its files, in bytes at most; what is kept of any peer's, if not said
 * @param writeBehind whose writes to its files are answered before it has them; what holds for any peer, if not said
 * @param mount where its files are mounted, if anywhere
 */
public record PeerConfig(String name, Optional<PeerId> key, Optional<Destination> dial, List<LocalAddress> locals,
        Rights rights, OptionalLong cache, Optional<WriteBehind> writeBehind, Optional<MountConfig> mount) {
    public PeerConfig {
        locals = List.copyOf(locals);
    }

    /** With nothing said about what is kept and written, and mounted nowhere. */
    public PeerConfig(String name, Optional<PeerId> key, Optional<Destination> dial, List<LocalAddress> locals,
            Rights rights) {
        this(name, key, dial, locals, rights, OptionalLong.empty(), Optional.empty(), Optional.empty());
    }
}
