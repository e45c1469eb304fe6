package dev.ninetunnel.session;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.serve.ServerRole;
import java.util.Optional;

/** What a link carries: two conversations with an endpoint or a 9P server, or one with a plain 9P client. */
public sealed interface Carried permits Session, PlainClient {
    /** The link it lives on; none while it waits for another. */
    Optional<Link> link();

    /** What answers the far side's requests. */
    ServerRole server();
}
