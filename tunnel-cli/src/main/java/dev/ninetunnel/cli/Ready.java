package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.ClosedSinkException;
import dev.ninetunnel.endpoint.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The line that tells a script, the person who looks, and systemd, that an endpoint serves. */
final class Ready {
    private static final Logger LOG = LoggerFactory.getLogger(Ready.class);

    private Ready() {}

    static void print(Invocation invocation, Endpoint endpoint, String state) {
        try {
            invocation.print("ready: " + state);
        } catch (ClosedSinkException e) {
            LOG.warn("the reader of standard output has left before the endpoint was ready: {}", state);
        }
        endpoint.tellReady(System.getenv());
    }
}
