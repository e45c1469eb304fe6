package dev.ninetunnel.cli;

import dev.ninetunnel.endpoint.Endpoint;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** The line that tells a script, the person who looks, and systemd, that an endpoint serves. */
final class Ready {
    private Ready() {}

    static void print(CommandSpec spec, Endpoint endpoint, String state) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("ready: " + state);
        out.flush();
        endpoint.tellReady(System.getenv());
    }
}
