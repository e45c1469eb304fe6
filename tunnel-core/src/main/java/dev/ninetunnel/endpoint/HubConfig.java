package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.link.HostPort;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * All that an endpoint is told, by a file or a command line: where it listens, who its peers are, and what each may do. What a peer is not
 * granted does not exist for it.
 *
 * @param config its folders, its limits, and all that it exports to anybody
 * @param listen where it listens; nowhere if it only dials
 * @param admitted who its peers are
 */
public record HubConfig(EndpointConfig config, List<HostPort> listen, Admitted admitted) {
    /** Who may link with an endpoint, and use what it exports. */
    public sealed interface Admitted {
        /**
         * Every peer in its list of peers, which may use all.
         *
         * @param certified the names in certificates for whom an authority may vouch, besides
         */
        record Everyone(Set<String> certified) implements Admitted {
            public Everyone {
                certified = Set.copyOf(certified);
            }
        }

        /** Only these, each of which may use what it is granted. */
        record Named(List<PeerConfig> peers) implements Admitted {
            public Named {
                peers = List.copyOf(peers);
            }
        }
    }

    /** Throws {@link IllegalArgumentException}, with a message that says what to write, if it would serve no peer. */
    public HubConfig {
        listen = List.copyOf(listen);
        if (admitted instanceof Admitted.Named(List<PeerConfig> peers)) {
            requireUse(config, listen, peers);
        }
    }

    /** What a file says, whose peers are these. Throws {@link IllegalArgumentException} as above. */
    public HubConfig(EndpointConfig config, List<HostPort> listen, List<PeerConfig> peers) {
        this(config, listen, new Admitted.Named(peers));
    }

    /**
     * For every peer in the list of peers.
     *
     * @param certified the names in certificates for whom an authority may vouch, besides
     * @param listen where it will listen: ports that are taken before the process becomes another user, if it is to
     */
    public static HubConfig everyone(EndpointConfig config, Set<String> certified, List<HostPort> listen) {
        return new HubConfig(config, listen, new Admitted.Everyone(certified));
    }

    private static void requireUse(EndpointConfig config, List<HostPort> listen, List<PeerConfig> peers) {
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

    /** The same, with what goes for all peers as said. */
    public HubConfig with(EndpointConfig other) {
        return new HubConfig(other, listen, admitted);
    }

    /** What each peer may do; empty where all that are trusted may do all. */
    Optional<Map<String, Rights>> rights() {
        if (admitted instanceof Admitted.Everyone) {
            return Optional.empty();
        }
        Map<String, Rights> rights = new LinkedHashMap<>();
        peers().forEach(peer -> rights.put(peer.name(), peer.rights()));
        return Optional.of(rights);
    }

    /** What a peer may do with each export that it is granted, and what that comes to; in the order of the exports. */
    public Map<String, Grant> grants(String peer) {
        Map<String, Grant> all = new LinkedHashMap<>();
        Map<String, Grant> granted = peer(peer).map(known -> known.rights().grants()).orElse(Map.of());
        for (Export export : config.exports()) {
            Optional.ofNullable(admitted instanceof Admitted.Everyone ? Grant.ALL : granted.get(export.name()))
                    .ifPresent(grant -> all.put(export.name(), grant.on(export)));
        }
        return all;
    }

    /** Those that it names. */
    public List<PeerConfig> peers() {
        return admitted instanceof Admitted.Named(List<PeerConfig> peers) ? peers : List.of();
    }

    /** Who is trusted, of what the endpoint is told at each moment. */
    Peers peers(Supplier<HubConfig> now) {
        PeerFile list = new PeerFile(config.home());
        return switch (admitted) {
            case Admitted.Everyone(Set<String> certified) -> new LastGoodPeers(list, certified);
            case Admitted.Named _ ->
                new ConfiguredPeers(new LastGoodPeers(list, Set.of()), () -> now.get().peers());
        };
    }

    /** The limits of what there is with a peer. */
    EndpointConfig.Limits limits(String name) {
        EndpointConfig.Limits all = config.limits();
        Optional<PeerConfig> peer = peer(name);
        EndpointConfig.Limits own = all.withCache(peer.map(p -> p.cache().orElse(all.cache())).orElse(all.cache()))
                .withWriteBehind(peer.flatMap(PeerConfig::writeBehind).orElse(all.writeBehind()));
        return peer.map(p -> p.rights().resume()).orElse(true)
                ? own
                : own.withSession(all.session().withLife(Duration.ZERO));
    }

    Optional<PeerConfig> peer(String name) {
        return peers().stream().filter(peer -> peer.name().equals(name)).findFirst();
    }
}
