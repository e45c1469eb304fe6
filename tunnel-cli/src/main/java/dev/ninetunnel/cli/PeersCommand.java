package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.identity.PeerFile;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel peers}. */
@Command(name = "peers", mixinStandardHelpOptions = true, description = {
        "Lists the trusted peers in the file 'peers' of the home directory: peer id and name, a line each."}, footer = {
                "", "Example:", "  ninetunnel peers"})
final class PeersCommand implements Callable<Integer> {
    @ParentCommand
    private Program program;
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PeerFile book = new PeerFile(program.common().home());
        Problems.explained(book::list).forEach(peer -> out.println(peer.id() + " " + peer.name()));
        return 0;
    }
}
