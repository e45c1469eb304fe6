package dev.ninetunnel.cli;

import dev.ninetunnel.cli.process.ClosedSinkException;
import dev.ninetunnel.endpoint.Endpoint;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** The line that tells a script, the person who looks, and systemd, that an endpoint serves. */
final class Ready {
    private static final Logger LOG = LoggerFactory.getLogger(Ready.class);

    private Ready() {}

    static void print(CommandSpec spec, Endpoint endpoint, String state) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.println("ready: " + state);
            out.flush();
        } catch (ClosedSinkException e) {
            LOG.warn("the reader of standard output has left before the endpoint was ready: {}", state);
        }
        endpoint.tellReady(System.getenv());
    }
}
