package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.identity.PeerFile;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ninetunnel peers}. */
@Command(name = "peers", mixinStandardHelpOptions = true, description = {
        "Lists the trusted peers in the file 'peers' of the home directory: peer id and name, a line each."}, footer = {
                "", "Example:", "  ninetunnel peers"})
final class PeersCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Override
    public Integer call() {
        PrintWriter out = invocation.out();
        PeerFile book = new PeerFile(invocation.common().home());
        Problems.explained(book::list).forEach(peer -> out.println(peer.id() + " " + peer.name()));
        return 0;
    }
}
