package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.FarSide;
import dev.ninetunnel.session.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer by name, as long as the endpoint runs: the client role behind its local sockets, which stays, and its session,
 * which comes and goes. On the session loop.
 */
final class KnownPeer implements Session.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(KnownPeer.class);

    private final String name;
    private final ClientRole client;
    private Session session;
    private long since;

    KnownPeer(String name, ClientRole client) {
        this.name = name;
        this.client = client;
    }

    String name() {
        return name;
    }

    /** What its local sockets lead to. */
    ClientRole client() {
        return client;
    }

    /** Whether requests of local clients reach it now. */
    boolean isLinked() {
        return session != null;
    }

    /** What is known of its session, if there is one. What a session can tell of itself is asked here, and nowhere else. */
    Optional<Status.SessionStatus> sessionStatus() {
        return Optional.ofNullable(session).map(now -> new Status.SessionStatus(now.link().where(), now.link().tls(),
                Duration.ofNanos(now.link().loop().ticker().nanoTime() - since), OptionalLong.empty(),
                Optional.empty(), Optional.empty()));
    }

    /** A peer has one session: who has proven the key last has it, and what was there before is a link that hangs. */
    @Override
    public void opened(Session opened, FarSide far) {
        if (session != null) {
            LOG.info("{} has linked anew: the link from before is given up", name);
            client.lost("the peer has linked anew");
            session.link().close("a newer link has taken its place");
        }
        session = opened;
        since = opened.link().loop().ticker().nanoTime();
        client.open(far, opened.link());
        LOG.debug("{} answers, with 9P messages of up to {} bytes", name, far.msize());
    }

    @Override
    public void ended(Session ended, LinkEnd end) {
        if (session == ended) {
            session = null;
            client.lost(end.reason());
        }
    }
}
