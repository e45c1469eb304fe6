package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.process.InheritedSockets;
import dev.ninetunnel.endpoint.process.OpenFiles;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.accept.HandshakeLimiter;
import dev.ninetunnel.link.accept.LinkAcceptor;
import dev.ninetunnel.link.accept.RejectionLog;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where peers may dial in. A port can be taken first, while the process may take it, and opened later. For any thread but event
 * loops, whose work it waits for.
 */
final class Listeners {
    private final EventLoopGroup loops;
    private final Tls tls;
    private final Peers peers;
    private final Pairing pairing;
    private final LinkLimits limits;
    private final HandshakeLimiter keeper;
    private final InheritedSockets inherited;
    private final Map<HostPort, LinkAcceptor> acceptors = new ConcurrentHashMap<>();
    private volatile Consumer<Link> onLink;

    Listeners(EventLoopGroup loops, Tls tls, Peers peers, Pairing pairing, LinkLimits limits, Audit audit,
            InheritedSockets inherited) {
        this.loops = loops;
        this.tls = tls;
        this.peers = peers;
        this.pairing = pairing;
        this.limits = limits;
        this.keeper = new HandshakeLimiter(limits.door().within(OpenFiles.most()), loops.next(), audit);
        this.inherited = inherited;
    }

    /** Says what is to become of those who come in. Before any door is opened. */
    void lead(Consumer<Link> to) {
        onLink = to;
    }

    /** Takes the port, and lets no connection in yet. Throws {@link EndpointException} if it is not to be had. */
    void take(HostPort where) throws EndpointException {
        if (!acceptors.containsKey(where)) {
            try {
                acceptors.put(where, acceptor(where));
            } catch (LinkException | IOException e) {
                throw new EndpointException(EndpointException.Kind.UNAVAILABLE, e.getMessage(), e);
            }
        }
    }

    private LinkAcceptor acceptor(HostPort where) throws LinkException, IOException {
        OptionalInt socket = inherited.at(where);
        return socket.isPresent()
                ? LinkAcceptor.adopt(socket.getAsInt(), where, loops, tls, peers, Optional.of(pairing), limits, keeper,
                        link -> onLink.accept(link))
                : LinkAcceptor.bind(where, loops, tls, peers, Optional.of(pairing), limits, keeper,
                        link -> onLink.accept(link));
    }

    /** Lets peers in there; returns the place, with the real port. Throws as {@link #take} does. */
    InetSocketAddress open(HostPort where) throws EndpointException {
        take(where);
        LinkAcceptor acceptor = acceptors.get(where);
        acceptor.begin();
        return acceptor.address();
    }

    /** Stops listening there; the links from there go on. */
    void close(HostPort where) {
        LinkAcceptor acceptor = acceptors.remove(where);
        if (acceptor != null) {
            acceptor.close();
        }
    }

    /** Where they are, with the real ports. */
    List<HostPort> places() {
        return acceptors.entrySet().stream()
                .map(e -> new HostPort(e.getKey().host(), e.getValue().address().getPort())).toList();
    }

    /** What goes on there; nothing if there are none. */
    Optional<Status.DoorStatus> status() {
        if (acceptors.isEmpty()) {
            return Optional.empty();
        }
        RejectionLog rejectionLog = keeper.refusals();
        return Optional.of(new Status.DoorStatus(keeper.state().handshakes(),
                rejectionLog.count(RejectionLog.Kind.CROWD),
                rejectionLog.count(RejectionLog.Kind.HANDSHAKE) + rejectionLog.count(RejectionLog.Kind.INVITATION)));
    }

    /** How many connections were not let in, by why. */
    Map<RejectionLog.Kind, Long> refused() {
        Map<RejectionLog.Kind, Long> counts = new EnumMap<>(RejectionLog.Kind.class);
        for (RejectionLog.Kind kind : RejectionLog.Kind.values()) {
            counts.put(kind, keeper.refusals().count(kind));
        }
        return counts;
    }

    /** Whether it listens there. */
    boolean isAt(HostPort where) {
        return acceptors.containsKey(where);
    }

    /** How many have come and gone there since the start. */
    long turnover() {
        return keeper.turnover();
    }

    /** Closes all. */
    void close() {
        acceptors.values().forEach(LinkAcceptor::close);
        acceptors.clear();
    }
}
