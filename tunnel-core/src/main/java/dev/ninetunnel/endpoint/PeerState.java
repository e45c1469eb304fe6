package dev.ninetunnel.endpoint;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.metrics.PeerCounts;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.session.Session;
import dev.ninetunnel.session.SessionStats;
import dev.ninetunnel.session.Sessions;
import java.time.Duration;
import java.util.Optional;

/**
 * A peer by name, as long as the endpoint runs: the client role behind its local sockets, which stays, and its session,
 * which comes and goes. On the session loop.
 */
record PeerState(String name, ClientRole client, Sessions sessions) {
    /** Whether requests of local clients reach it now. */
    boolean isLinked() {
        return link().isPresent();
    }

    /** Whether it has a link over which something was heard of late. */
    boolean isWell() {
        return isLinked() && overdue().isEmpty();
    }

    /** For how long nothing has come over its link, where an answer is overdue. */
    Optional<Duration> overdue() {
        return session().flatMap(Session::overdue);
    }

    /** The link that its session has now. */
    Optional<Link> link() {
        return session().flatMap(Session::link);
    }

    /** What is known of its session, if there is one. */
    Optional<Status.SessionStatus> sessionStatus() {
        return session().map(now -> {
            SessionStats sessionStats = now.totals();
            return new Status.SessionStatus(sessionStats.age(), sessionStats.resumes(), sessionStats.silence(),
                    now.keptBytes(),
                    now.left(),
                    now.link().map(link -> new Status.LinkStatus(link.where(), link.tls(), sessionStats.roundTrip())));
        });
    }

    /** What is counted of it, with what its links have carried. */
    PeerCounts counts(PeerCounts.Links links) {
        Optional<ServerRole> server = session().map(Session::server);
        Optional<HolderStatus> cache = client.cache();
        return new PeerCounts(name, isWell() ? 1 : 0, links, sessions.resumes(),
                session().flatMap(now -> now.totals().roundTrip()),
                new PeerCounts.Asking(client.localClients(), client.fids(), client.tags(), client.latency().copy()),
                new PeerCounts.Served(server.map(ServerRole::fids).orElse(0),
                        server.map(ServerRole::requests).orElse(0)),
                session().map(Session::keptBytes).orElse(0L),
                new PeerCounts.Cache(cache.map(HolderStatus::bytes).orElse(0L),
                        cache.map(HolderStatus::mostBytes).orElse(0L), cache.map(HolderStatus::leases).orElse(0L),
                        client.cacheTotals()));
    }

    /** What there is with it now, linked or waiting for a link. */
    Optional<Session> session() {
        return sessions.current();
    }
}
