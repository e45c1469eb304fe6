package dev.ninetunnel.session;

import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.ServerRole;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with one peer: there is one at most. Links with the peer are brought here; each either takes the session on or
 * begins another in its place. A link that has a claim to neither is turned away, and the session does not notice.
 *
 * <p>Made and used on the loop on which the session and its links live.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** One would do for a peer that dials but once at a time. */
    private static final int MOST_PROPOSED = 4;

    private final String peerName;
    private final EventLoop loop;
    private final ClientRole client;
    private final Function<ServerRole.Peer, ServerBinding.Maker> servers;
    private final int msize;
    private final SessionLimits limits;
    private final SecureRandom random;
    private Session current;
    private long resumes;
    /** When the peer was last without a link: from the beginning, or when one was lost. */
    private long unlinkedAt;
    private final Crossing crossing;
    /** Those that a peer has asked for, and may have begun or not; the oldest first. */
    private final Queue<Session> proposed = new ArrayDeque<>();

    /**
     * No session yet.
     *
     * @param self who this endpoint is to the peer
     * @param client asks the far side; it is there before the session and after it
     * @param servers makes the server role for a peer, a new one for each session
     * @param msize the largest message to ask the far side for, in bytes
     */
    public Sessions(Supplier<PeerId> self, String peerName, EventLoop loop, ClientRole client,
            Function<ServerRole.Peer, ServerBinding.Maker> servers, int msize, SessionLimits limits,
            SecureRandom random) {
        this.peerName = peerName;
        this.loop = loop;
        this.client = client;
        this.servers = servers;
        this.msize = msize;
        this.limits = limits;
        this.random = random;
        this.unlinkedAt = loop.ticker().nanoTime();
        this.crossing = new Crossing(self, limits.opening().dividedBy(2));
    }

    /** Opens a link that this endpoint has dialled. */
    public void dialled(Link link, LinkWatch watch) {
        new DialledLink(link, this, watch).start();
    }

    /** Lets an endpoint that has dialled this one open its link. */
    public void accepted(Link link) {
        new AcceptedLink(link, this).start();
    }

    /** The session, whether it has a link now or waits for one. */
    public Optional<Session> current() {
        return Optional.ofNullable(current);
    }

    /** For how long there has been no link, since the last one or the beginning; empty while there is one. */
    public Optional<Duration> away() {
        return current().flatMap(Session::link).isPresent()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(loop.ticker().nanoTime() - unlinkedAt));
    }

    /** Ends the session, if there is one. */
    public void end(String reason) {
        List.copyOf(proposed).forEach(session -> session.end(reason));
        if (current != null) {
            current.end(reason);
        }
    }

    /** The same, with a goodbye to the peer: it is not to come back for the session. */
    public void dismiss(String reason) {
        List.copyOf(proposed).forEach(session -> session.dismiss(reason));
        if (current != null) {
            current.dismiss(reason);
        }
    }

    // ---- for the openings of links

    /** Whether a peer that has proven this key has a session with a link, so that another link is not wanted. */
    boolean isLinkedWith(PeerId proven) {
        return Stream.concat(Stream.ofNullable(current), proposed.stream())
                .anyMatch(session -> session.isLinkedWith(proven));
    }

    Crossing crossing() {
        return crossing;
    }

    /** The session that a link should take on, which this endpoint has dialled, or a new one that is not in force yet. */
    Session forDialled(Link link) {
        if (current != null && current.mayMoveTo(link.peer())) {
            return current;
        }
        return fresh(link.peer(), SessionId.random(random));
    }

    /** One that is not in force yet. */
    Session fresh(PeerId peer, SessionId id) {
        return new Session(this, peer, id, true);
    }

    /** One that ends with its link, and is not in force yet. */
    Session ofLink(Link link) {
        return new Session(this, link.peer(), null, link.ours());
    }

    /** The session that a peer means which has proven this key. */
    Optional<Session> named(PeerId proven, SessionId id) {
        return Stream.concat(Stream.ofNullable(current), proposed.stream())
                .filter(session -> session.isNamedBy(proven, id)).findFirst();
    }

    /**
     * Remembers a session that the far side has asked for. A request to begin one may have been under way for long, and
     * the far side may not want the answer any more: so the session in force is left alone until the far side
     * shows, by anything it sends, that it has the answer.
     */
    void propose(Session session) {
        proposed.add(session);
        if (proposed.size() > MOST_PROPOSED) {
            proposed.remove().end("newer ones were asked for");
        }
    }

    /** Puts a new session in force. What was there before is over: the peer has forgotten it. */
    void begin(Session session) {
        proposed.remove(session);
        if (current != null) {
            LOG.info("{} begins anew: the session from before is over", peerName);
            current.end(peerName + " has begun anew");
        }
        current = session;
    }

    /** The session has gone on with another link. */
    void resumed() {
        resumes++;
    }

    /** How often a session has gone on with another link, since the start. */
    public long resumes() {
        return resumes;
    }

    /** The session has lost its link. */
    void unlinked() {
        unlinkedAt = loop.ticker().nanoTime();
    }

    /** A session in force, or one that never was, has ended. */
    void ended(Session session) {
        proposed.remove(session);
        if (current == session) {
            current = null;
        }
    }

    String peerName() {
        return peerName;
    }

    EventLoop loop() {
        return loop;
    }

    ClientRole client() {
        return client;
    }

    ServerBinding.Maker server(ServerRole.Peer peer) {
        return servers.apply(peer);
    }

    int msize() {
        return msize;
    }

    SessionLimits limits() {
        return limits;
    }
}
