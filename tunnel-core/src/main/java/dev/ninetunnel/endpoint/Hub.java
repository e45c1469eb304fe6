package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.endpoint.mount.MountConfig;
import dev.ninetunnel.endpoint.mount.MountProgram;
import dev.ninetunnel.endpoint.process.InheritedSockets;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.wire.Escaped;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running endpoint that does what a file says, for many peers, and that can be given another file meanwhile: what the two
 * files have in common goes on undisturbed. Its methods are for the threads of the program around it.
 */
public final class Hub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

    private final Endpoint endpoint;
    private final EndpointParts parts;
    private final AtomicReference<HubConfig> current;
    private final Map<HostPort, InetSocketAddress> listening = new LinkedHashMap<>();
    private MountProgram mountProgram = (_, _) -> {
        throw new IllegalStateException("nothing was said about how to mount");
    };

    private Hub(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.parts = endpoint.parts();
        this.current = parts.setup();
    }

    /**
     * Prepares an endpoint that is not reachable yet.
     *
     * @throws EndpointException if the key or an export cannot be used
     */
    public static Hub open(HubConfig hubConfig) throws EndpointException {
        return open(hubConfig, InheritedSockets.NONE);
    }

    /** The same, with ports that are listened at for it already. */
    public static Hub open(HubConfig hubConfig, InheritedSockets inherited) throws EndpointException {
        return new Hub(Endpoint.open(hubConfig, inherited));
    }

    /**
     * Begins: posts the peers' sockets, listens, and dials. Does not wait for links.
     *
     * @throws EndpointException if it cannot listen somewhere, or a socket cannot be made
     */
    public synchronized void start() throws EndpointException {
        HubConfig hubConfig = current.get();
        endpoint.postControl();
        for (PeerConfig peer : hubConfig.peers()) {
            endpoint.post(peer);
        }
        for (HostPort where : hubConfig.listen()) {
            listening.put(where, parts.listeners().open(where));
        }
        hubConfig.peers().forEach(this::keepDialling);
        keepMounts(hubConfig);
    }

    private void keepMounts(HubConfig hubConfig) {
        Map<String, MountConfig> wanted = new LinkedHashMap<>();
        hubConfig.peers().forEach(peer -> peer.mount().ifPresent(mount -> wanted.put(peer.name(), mount)));
        endpoint.mount(wanted, mountProgram);
    }

    /** Says how files of peers are mounted that are to be. Before {@link #start}. */
    public synchronized void mountBy(MountProgram program) {
        mountProgram = program;
    }

    /**
     * Says how to read the file again when somebody asks for it at the endpoint's own socket. Before {@link #start}.
     *
     * @param again does it, and returns what is wrong with the file, or an empty string; on any thread
     */
    public void onReload(Supplier<String> again) {
        endpoint.onReload(again);
    }

    /** Where it listens, with the real ports. */
    public synchronized List<InetSocketAddress> addresses() {
        return List.copyOf(listening.values());
    }

    /** Who this endpoint is to its peers. */
    public PeerId id() {
        return endpoint.id();
    }

    /** The endpoint itself, for what it tells and for how it ends. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Does what another file says from now on. Links are ended only with peers that have gone from it, or whose key, way, or
     * permission to resume is another; what is granted holds for the next request of each.
     *
     * @throws EndpointException if it cannot be done; everything is as it was then
     */
    public synchronized void change(HubConfig next) throws EndpointException {
        parts.audit().reopen();
        HubConfig before = current.get();
        try {
            settle(before, next);
        } catch (EndpointException e) {
            note(current.get().equals(next) ? ConfigChanges.between(before, next) : List.of(), e.getMessage());
            throw e;
        }
        ConfigChanges.moved(before, next).forEach(LOG::warn);
        note(ConfigChanges.between(before, next), "");
    }

    /** Puts on record that a file could not even be read, so that {@link #change} was not asked for. Any thread. */
    public void unreadable(String fault) {
        parts.audit().reopen();
        note(List.of(), fault);
    }

    private void note(List<String> changes, String fault) {
        parts.audit().note(Who.NOBODY, new Event.Reload(changes, Escaped.of(fault)));
    }

    private void settle(HubConfig before, HubConfig next) throws EndpointException {
        requireSamePlace(before.config(), next.config());
        Credentials.Content papers = endpoint.credentialReloader().prepare(next.config().papers());
        PeerExports.Change offered = prepare(next);
        Map<HostPort, InetSocketAddress> added = new LinkedHashMap<>();
        try {
            for (HostPort where : next.listen()) {
                if (!listening.containsKey(where)) {
                    added.put(where, parts.listeners().open(where));
                }
            }
        } catch (EndpointException e) {
            added.keySet().forEach(parts.listeners()::close);
            offered.cancel();
            throw e;
        }
        List<PeerConfig> ended = before.peers().stream().filter(peer -> isEnded(peer, next.peer(peer.name()))).toList();
        ended.forEach(peer -> endpoint.diallers().stop(peer.name()));
        endpoint.settle(peerRegistry -> {
            offered.apply();
            current.set(next);
            endpoint.credentialReloader().take(papers);
            ended.forEach(peer -> peerRegistry.forget(peer.name(), next.peer(peer.name()).isPresent()
                    ? "it is to be reached otherwise from now on"
                    : "the peer is not trusted here any more"));
        });
        move(before, next, added, ended);
    }

    /** What cannot fail in a way that undoes the rest. */
    private void move(HubConfig before, HubConfig next, Map<HostPort, InetSocketAddress> added, List<PeerConfig> ended)
            throws EndpointException {
        before.listen().stream().filter(where -> !next.listen().contains(where)).forEach(where -> {
            parts.listeners().close(where);
            listening.remove(where);
        });
        listening.putAll(added);
        ended.forEach(peer -> endpoint.localSockets().unpost(peer.name()));
        List<String> faults = new ArrayList<>();
        for (PeerConfig peer : next.peers()) {
            if (before.peer(peer.name()).isEmpty() || ended.contains(before.peer(peer.name()).get())) {
                try {
                    endpoint.post(peer);
                } catch (EndpointException e) {
                    faults.add(e.getMessage());
                }
                keepDialling(peer);
            }
        }
        keepMounts(next);
        if (!faults.isEmpty()) {
            throw new EndpointException(EndpointException.Kind.CANNOT_CREATE,
                    "all else is done, but " + String.join("; ", faults));
        }
    }

    private PeerExports.Change prepare(HubConfig next) throws EndpointException {
        try {
            return parts.peerExports().prepare(next);
        } catch (IllegalArgumentException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.MISSING, e.getMessage(), e);
        }
    }

    /** What is so from the start of a process to its end. */
    private static void requireSamePlace(EndpointConfig before, EndpointConfig next) throws EndpointException {
        if (!before.home().equals(next.home()) || !before.run().equals(next.run())) {
            throw new EndpointException(EndpointException.Kind.CONFIG,
                    "an endpoint keeps its home and run directories while it runs: restart it to move it");
        }
        if (!before.user().equals(next.user())) {
            throw new EndpointException(EndpointException.Kind.CONFIG,
                    "an endpoint stays the user that it is while it runs: restart it to change user");
        }
        if (before.msize() != next.msize() || !before.limits().equals(next.limits())
                || !before.audit().equals(next.audit()) || !before.web().equals(next.web())) {
            LOG.warn(
                    "msize, [limits], [audit], [metrics] and [ui] hold from the next start on: they are not changed while an endpoint "
                            + "runs");
        }
    }

    /** Dials a peer until it is told to stop, whatever happens. */
    private void keepDialling(PeerConfig peer) {
        peer.dial().ifPresent(
                where -> endpoint.diallers().begin(where, peer.name(), Redial.RetryPolicy.TIRELESS));
    }

    /** Whether what there is with a peer must not go on. */
    private static boolean isEnded(PeerConfig peer, Optional<PeerConfig> next) {
        return next.isEmpty() || !peer.key().equals(next.get().key()) || !peer.dial().equals(next.get().dial())
                || !peer.locals().equals(next.get().locals())
                || peer.rights().resume() != next.get().rights().resume();
    }

    /** Leaves in good order; see {@link Endpoint#drain}. */
    public void drain() {
        endpoint.drain();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
