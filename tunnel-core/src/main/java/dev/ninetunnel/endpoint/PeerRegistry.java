package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.cache.Holder;
import dev.ninetunnel.endpoint.metrics.LinkCounts;
import dev.ninetunnel.endpoint.metrics.PeerCounts;
import dev.ninetunnel.endpoint.ui.History;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.linux.BootClock;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.meter.SentRequests;
import dev.ninetunnel.meter.ServedRequests;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.RemoteParameters;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.Carried;
import dev.ninetunnel.session.LinkWatch;
import dev.ninetunnel.session.PlainClient;
import dev.ninetunnel.session.ServerBinding;
import dev.ninetunnel.session.Session;
import dev.ninetunnel.session.Sessions;
import dev.ninetunnel.wire.Escaped;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The peers that this endpoint has to do with, and what their links carry. On the session loop. */
final class PeerRegistry {
    /** Why what there is with a peer ends when its key is not (any more) that of its name. */
    private static final String NOT_TRUSTED = "the peer is not trusted here any more";

    /** What is kept of the files of all peers together, in bytes. */
    private static final long MOST_CACHED = Runtime.getRuntime().maxMemory() / 4;

    private final Supplier<PeerId> self;
    private final EventLoop loop;
    private final PeerLookup peerLookup;
    private final PeerExports peerExports;
    private final Audit audit;
    private final Workers workers;
    private final Optional<Granter> granter;
    private final int msize;
    private final Function<String, EndpointConfig.Limits> limits;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, PeerState> peers = new LinkedHashMap<>();
    private final Set<PlainClient> plainClients = new LinkedHashSet<>();
    /** All, those that no session has yet among them. */
    private final Set<Link> links = new LinkedHashSet<>();
    private final LinkCounts linkCounts = new LinkCounts();
    private final SentRequests sent;
    private final ServedRequests served;

    /** With who this endpoint is to its peers, and the limits of what it has with each. */
    PeerRegistry(Supplier<PeerId> self, EventLoop loop, PeerLookup peerLookup, PeerExports peerExports, Audit audit,
            Workers workers, Optional<Granter> granter, int msize,
            Function<String, EndpointConfig.Limits> limits) {
        this.self = self;
        this.loop = loop;
        this.peerLookup = peerLookup;
        this.peerExports = peerExports;
        this.audit = audit;
        this.workers = workers;
        this.granter = granter;
        this.msize = msize;
        this.limits = limits;
        this.sent = new SentRequests(loop.ticker());
        this.served = new ServedRequests(loop.ticker());
    }

    /** The peer of this name, known from now on if it was not. */
    PeerState peer(String name) {
        return peers.computeIfAbsent(name, this::meet);
    }

    private PeerState meet(String name) {
        ClientRole client = new ClientRole(name, loop, ClientLimits.standard(), far -> holder(name, far), sent);
        return new PeerState(name, client,
                new Sessions(self, name, loop, client, serverMaker(name), msize, limits.apply(name).session(), random));
    }

    private Optional<Holder> holder(String name, RemoteParameters far) {
        long bytes = limits.apply(name).cache();
        if (bytes == 0 || !far.hasLeases()) {
            return Optional.empty();
        }
        Holder holder = new Holder(bytes, far.lease(), BootClock::nanoTime);
        holder.writeBehind(limits.apply(name).writeBehind());
        List<ClientRole> others = peers.entrySet().stream().filter(peer -> !peer.getKey().equals(name))
                .map(peer -> peer.getValue().client()).filter(ClientRole::hasCache).toList();
        // A power of two, so that it seldom changes while a thousand peers come.
        long share = Long.highestOneBit(MOST_CACHED / (others.size() + 1));
        others.forEach(other -> other.boundCache(share));
        holder.bound(share);
        return Optional.of(holder);
    }

    /** Whether requests of local clients reach a peer of this name now. */
    boolean isLinked(String name) {
        return Optional.ofNullable(peers.get(name)).filter(PeerState::isLinked).isPresent();
    }

    /** All that are known. */
    List<PeerState> all() {
        return List.copyOf(peers.values());
    }

    /** The sessions, and the ordinary 9P clients. */
    List<Carried> carried() {
        return Stream.<Carried>concat(peers.values().stream().flatMap(peer -> peer.session().stream()),
                plainClients.stream()).toList();
    }

    /** Begins with a link that this endpoint dialled. The dialler is told what becomes of it. */
    void dialled(Link link, LinkWatch dialler) {
        keep(link, true);
        peer(link.peerName()).sessions().dialled(link, dialler);
        if (!isLetIn(link)) {
            link.close(NOT_TRUSTED);
        }
    }

    /**
     * Begins with a link that was accepted, unless who is trusted has changed since it was let in: what its name may do here
     * is not what its key may do then.
     *
     * @return whether it has begun
     */
    boolean accepted(Link link) {
        keep(link, false);
        if (!isLetIn(link)) {
            link.close(NOT_TRUSTED);
            return false;
        }
        if (link.ours()) {
            peer(link.peerName()).sessions().accepted(link);
        } else {
            acceptedPlain(link);
        }
        return true;
    }

    private boolean isLetIn(Link link) {
        return peerLookup.look().test(link.letIn());
    }

    private void acceptedPlain(Link link) {
        PlainClient client = new PlainClient(link, serverMaker(link.peerName()));
        plainClients.add(client);
        link.closed().thenAccept(end -> plainClients.remove(client));
        client.start(limits.apply(link.peerName()).session().opening());
    }

    /** No link comes any more: sessions that wait for one are over. */
    void endUnlinked() {
        peers.values().stream().filter(peer -> !peer.isLinked())
                .forEach(peer -> peer.sessions().end("this endpoint is leaving"));
    }

    /** Nothing goes on any more: the sessions are over, those that wait for a link as well. */
    void leave(String reason) {
        peers.values().forEach(peer -> peer.sessions().end(reason));
    }

    private void keep(Link link, boolean dialled) {
        links.add(link);
        link.closed().thenAccept(end -> {
            links.remove(link);
            linkCounts.ended(link, end);
        });
        if (audit.isOn()) {
            record(link, dialled);
        }
    }

    private void record(Link link, boolean dialled) {
        long begun = loop.ticker().nanoTime();
        String where = Escaped.of(link.where());
        audit.note(who(link), new Event.Linked(where, dialled, link.ours() ? "endpoint" : "9p", link.tls().toString()));
        link.closed().thenAccept(end -> audit.note(who(link),
                new Event.Unlinked(where, end.kind().name().toLowerCase(Locale.ROOT), Escaped.of(end.reason()),
                        Duration.ofNanos(loop.ticker().nanoTime() - begun), link.sent().amount().bytes(),
                        link.received().amount().bytes())));
    }

    private static Who who(Link link) {
        return new Who(link.peerName(), link.peer().hex(), link.session());
    }

    /** Ends what there is with a peer, as far as it is with a key that is not (any more) the peer's. */
    void end(BiPredicate<String, PeerId> unwanted, String reason) {
        for (PeerState peer : all()) {
            peer.session().filter(session -> unwanted.test(peer.name(), session.peer()))
                    .ifPresent(session -> peer.sessions().dismiss(reason));
        }
        links.stream().filter(link -> unwanted.test(link.peerName(), link.peer())).toList()
                .forEach(link -> link.close(reason));
    }

    /** Ends what there is with peers that are not trusted any more. A list that cannot be read changes nothing. */
    void endUntrusted() {
        Predicate<Peer> trusted = peerLookup.look();
        end((name, key) -> !trusted.test(new Peer(key, name)), NOT_TRUSTED);
    }

    /** This host's network has changed: links that do not answer soon are given up. */
    void networkChanged() {
        peers.values().forEach(peer -> peer.session().ifPresent(Session::networkChanged));
    }

    /** A peer is none any more: local programs that used it are turned away. */
    void forget(String name, String reason) {
        end((peer, key) -> peer.equals(name), reason);
        PeerState gone = peers.remove(name);
        linkCounts.forget(name);
        if (gone != null) {
            gone.client().shutdown(Duration.ZERO);
        }
    }

    // ---- what is counted

    /** What the links of each peer have carried. */
    Map<String, PeerCounts.Links> linkCounts() {
        return linkCounts.byPeer(links);
    }

    /** How many links have ended in which way. */
    Map<LinkEnd.Kind, Long> linkEnds() {
        return linkCounts.ends();
    }

    /** How many ordinary 9P clients are linked. */
    int plainClients() {
        return plainClients.size();
    }

    /** How much there has been with each peer, as far as there are plots of it. */
    Map<String, History.Amounts> amounts() {
        Map<String, PeerCounts.Links> carried = linkCounts();
        Map<String, History.Amounts> amounts = new LinkedHashMap<>();
        peers.values().stream().limit(History.MOST_PEERS).forEach(peer -> {
            PeerCounts.Links amount = carried.getOrDefault(peer.name(), PeerCounts.Links.NONE);
            Latency.Counts latency = peer.client().latency().counts();
            amounts.put(peer.name(), new History.Amounts(amount.sent().bytes(), amount.received().bytes(),
                    latency.all(), latency.nanos()));
        });
        return amounts;
    }

    /** The requests of programs here. */
    SentRequests sent() {
        return sent;
    }

    /** The requests of peers. */
    ServedRequests served() {
        return served;
    }

    private Function<ServerRole.Peer, ServerBinding.Maker> serverMaker(String name) {
        ServerLimits serverLimits = ServerLimits.STANDARD.withMsize(msize);
        return peer -> (replies, valve) -> {
            PeerExports.Share share = peerExports.of(name);
            ServerRole role = new ServerRole(loop, share.exports(), share.quota(), workers, serverLimits, peer,
                    audit.trail(new Who(peer.name(), peer.id(), peer.session())), replies, valve);
            granter.ifPresent(role::grantBy);
            role.countIn(served);
            return role;
        };
    }
}
