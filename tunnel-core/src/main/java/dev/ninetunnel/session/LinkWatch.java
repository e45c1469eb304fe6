package dev.ninetunnel.session;

import dev.ninetunnel.link.LinkEnd;

/** What the dialling side hears of a link. Called on the link's event loop. */
public interface LinkWatch {
    /** A session has the link: requests reach the far side. */
    void opened(Session session);

    /**
     * The link has gone. Its session may go on without.
     *
     * @param opened whether a session ever had it
     */
    void ended(LinkEnd end, boolean opened);
}
