package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.FarSide;
import dev.ninetunnel.serve.Exports;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.Carried;
import dev.ninetunnel.session.PlainClient;
import dev.ninetunnel.session.ServerMaker;
import dev.ninetunnel.session.Session;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The peers that this endpoint has to do with, and what their links carry. On the session loop. */
final class Neighbours {
    private final EventLoop loop;
    private final Exports exports;
    private final Workers workers;
    private final int msize;
    private final Duration opening;
    private final Map<String, KnownPeer> peers = new LinkedHashMap<>();
    private final Set<Carried> carried = new LinkedHashSet<>();

    Neighbours(EventLoop loop, Exports exports, Workers workers, EndpointConfig config) {
        this.loop = loop;
        this.exports = exports;
        this.workers = workers;
        this.msize = config.msize();
        this.opening = config.limits().opening();
    }

    /** The peer of this name, known from now on if it was not. */
    KnownPeer peer(String name) {
        return peers.computeIfAbsent(name,
                n -> new KnownPeer(n, new ClientRole(n, loop, ClientLimits.standard())));
    }

    /** All that are known. */
    List<KnownPeer> all() {
        return List.copyOf(peers.values());
    }

    /** What the links that there are carry. */
    List<Carried> carried() {
        return List.copyOf(carried);
    }

    /** Begins with a link that this endpoint dialled. Whoever dialled is told what becomes of it. */
    void dialled(Link link, Session.Owner dialler) {
        session(link, dialler);
    }

    /** Begins with a link that was accepted. */
    void accepted(Link link) {
        if (link.ours()) {
            session(link, null);
            return;
        }
        PlainClient client = new PlainClient(link, server(link));
        carried.add(client);
        link.closed().thenAccept(end -> carried.remove(client));
        client.start(opening);
    }

    private void session(Link link, Session.Owner dialler) {
        KnownPeer peer = peer(link.peerName());
        Session session = new Session(link, server(link), peer.client(), msize, new Owners(peer, dialler));
        carried.add(session);
        session.start(opening);
    }

    private ServerMaker server(Link link) {
        ServerRole.Peer who = new ServerRole.Peer(link.peerName(), link.ours());
        return (replies, valve) -> new ServerRole(link.loop(), exports, workers,
                ServerLimits.STANDARD.withMsize(msize), who, replies, valve);
    }

    /** Those who have to know of a session: the peer it is with, and whoever dialled, who may be null. */
    private final class Owners implements Session.Owner {
        private final KnownPeer peer;
        private final Session.Owner dialler;

        Owners(KnownPeer peer, Session.Owner dialler) {
            this.peer = peer;
            this.dialler = dialler;
        }

        @Override
        public void opened(Session session, FarSide far) {
            peer.opened(session, far);
            if (dialler != null) {
                dialler.opened(session, far);
            }
        }

        @Override
        public void ended(Session session, LinkEnd end) {
            carried.remove(session);
            peer.ended(session, end);
            if (dialler != null) {
                dialler.ended(session, end);
            }
        }
    }
}
