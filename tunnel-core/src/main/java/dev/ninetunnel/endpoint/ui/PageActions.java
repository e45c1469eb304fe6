package dev.ninetunnel.endpoint.ui;

import java.io.IOException;

/** What can be done from the page, as commands do it. On threads that may wait. */
public interface PageActions {
    /**
     * Ends the link and the session with a peer, which may come back.
     *
     * @throws IOException with why not, for people
     */
    void disconnect(String peer) throws IOException;

    /**
     * Trusts a peer no more, and ends what there is with it.
     *
     * @throws IOException with why not, for people
     */
    void revoke(String peer) throws IOException;

    /**
     * Invites a host.
     *
     * @param name what it will be called here
     * @param address {@code HOST[:PORT]} where it finds this endpoint; empty for what this host knows of itself
     * @return the line to run there
     * @throws IOException with why not, for people
     */
    String invite(String name, String address) throws IOException;
}
