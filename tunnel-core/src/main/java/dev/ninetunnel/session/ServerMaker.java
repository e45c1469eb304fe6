package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.serve.ServerRole;

/** Makes the server role of a session. */
@FunctionalInterface
public interface ServerMaker {
    /**
     * Makes one.
     *
     * @param peer whom it serves
     * @param replies where its replies are to go
     * @param valve stops the reading of requests
     */
    ServerRole make(ServerRole.Peer peer, FrameSink replies, ReadingValve valve);
}
