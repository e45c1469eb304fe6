package dev.ninetunnel.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** The line that tells a script, or the person who looks, that an endpoint serves. */
final class Ready {
    private Ready() {}

    static void print(CommandSpec spec, String state) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("ready: " + state);
        out.flush();
    }
}
