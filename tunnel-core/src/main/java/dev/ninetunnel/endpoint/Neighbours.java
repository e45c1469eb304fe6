package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.Exports;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.Carried;
import dev.ninetunnel.session.LinkWatch;
import dev.ninetunnel.session.PlainClient;
import dev.ninetunnel.session.ServerMaker;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.session.Sessions;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The peers that this endpoint has to do with, and what their links carry. On the session loop. */
final class Neighbours {
    private final EventLoop loop;
    private final Exports exports;
    private final Workers workers;
    private final int msize;
    private final SessionLimits limits;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, KnownPeer> peers = new LinkedHashMap<>();
    private final Set<PlainClient> plainClients = new LinkedHashSet<>();

    Neighbours(EventLoop loop, Exports exports, Workers workers, EndpointConfig config) {
        this.loop = loop;
        this.exports = exports;
        this.workers = workers;
        this.msize = config.msize();
        this.limits = config.limits().session();
    }

    /** The peer of this name, known from now on if it was not. */
    KnownPeer peer(String name) {
        return peers.computeIfAbsent(name, this::meet);
    }

    private KnownPeer meet(String name) {
        ClientRole client = new ClientRole(name, loop, ClientLimits.standard());
        return new KnownPeer(name, client,
                new Sessions(name, loop, client, serverMaker(), msize, limits, random));
    }

    /** All that are known. */
    List<KnownPeer> all() {
        return List.copyOf(peers.values());
    }

    /** The sessions, and the ordinary 9P clients. */
    List<Carried> carried() {
        return Stream.<Carried>concat(peers.values().stream().flatMap(peer -> peer.session().stream()),
                plainClients.stream()).toList();
    }

    /** Begins with a link that this endpoint dialled. Whoever dialled is told what becomes of it. */
    void dialled(Link link, LinkWatch dialler) {
        peer(link.peerName()).sessions().dialled(link, dialler);
    }

    /** Begins with a link that was accepted. */
    void accepted(Link link) {
        if (link.ours()) {
            peer(link.peerName()).sessions().accepted(link);
            return;
        }
        PlainClient client = new PlainClient(link, serverMaker());
        plainClients.add(client);
        link.closed().thenAccept(end -> plainClients.remove(client));
        client.start(limits.opening());
    }

    /** Nothing goes on any more: the sessions are over, those that wait for a link as well. */
    void leave(String reason) {
        peers.values().forEach(peer -> peer.sessions().end(reason));
    }

    private ServerMaker serverMaker() {
        ServerLimits serverLimits = ServerLimits.STANDARD.withMsize(msize);
        return (peer, replies, valve) -> new ServerRole(loop, exports, workers, serverLimits, peer, replies, valve);
    }
}
