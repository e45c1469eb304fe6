package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * All that a file says about an endpoint: where it listens, who its peers are, and what each may do. What a peer is not
 * granted does not exist for it.
 *
 * @param config its folders, its limits, and all that it exports to anybody
 * @param listen where it listens; nowhere if it only dials
 */
public record HubConfig(EndpointConfig config, List<HostPort> listen, List<PeerConfig> peers) {
    /** Throws {@link IllegalArgumentException}, with a message that says what to write, if it would serve nobody. */
    public HubConfig {
        listen = List.copyOf(listen);
        peers = List.copyOf(peers);
        if (peers.isEmpty()) {
            throw new IllegalArgumentException(
                    "no peer is allowed anything: name a peer in a table [peer.NAME], with id = "
                            + "\"...\" as 'ninetunnel id' prints it there, or pair with it under that name");
        }
        if (listen.isEmpty() && peers.stream().allMatch(peer -> peer.dial().isEmpty())) {
            throw new IllegalArgumentException(
                    "it neither listens nor dials: write listen = \"443\" at the top, or dial = "
                            + "\"HOST:PORT\" in a [peer.NAME]");
        }
        if (!config.exports().isEmpty() && peers.stream().allMatch(peer -> peer.rights().grants().isEmpty())) {
            throw new IllegalArgumentException("no peer may use anything that is exported: write in a table "
                    + "[peer.NAME.allow] the line " + config.exports().getFirst().name() + " = \"ro\" (or \"rw\")");
        }
        if (config.user().isPresent()) {
            peers.stream()
                    .filter(p -> p.rights().grants().values().stream()
                            .anyMatch(g -> g.as().filter(as -> !as.equals("self")).isPresent()))
                    .findFirst().ifPresent(p -> {
                        throw new IllegalArgumentException(
                                EndpointConfig.onlyRoot("what is allowed in [peer." + p.name() + "]"));
                    });
        }
    }

    Optional<PeerConfig> peer(String name) {
        return peers.stream().filter(peer -> peer.name().equals(name)).findFirst();
    }
}
