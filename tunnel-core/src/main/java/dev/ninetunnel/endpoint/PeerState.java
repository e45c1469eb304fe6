package dev.ninetunnel.endpoint;

import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.session.Session;
import dev.ninetunnel.session.SessionStats;
import dev.ninetunnel.session.Sessions;
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

    /** What there is with it now, linked or waiting for a link. */
    Optional<Session> session() {
        return sessions.current();
    }
}
