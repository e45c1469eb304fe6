package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.serve.ServerRole;

/** Makes the server role of a link. */
@FunctionalInterface
public interface ServerMaker {
    /**
     * Makes one.
     *
     * @param replies where its replies are to go
     * @param valve stops the reading of the link
     */
    ServerRole make(FrameSink replies, ReadingValve valve);
}
