package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel untrust}. */
@Command(name = "untrust", mixinStandardHelpOptions = true, description = {
        "Trusts a peer no more: takes it out of the file 'peers' of the home directory.",
        "A running endpoint sees the change by itself, and ends the link with the peer."}, footer = {"", "Example:",
                "  ninetunnel untrust laptop"})
final class UntrustCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "NAME|PEER-ID", description = "As 'ninetunnel peers' lists them.")
    private List<String> peers;

    @Override
    public Integer call() {
        PeerFile book = new PeerFile(invocation.common().home());
        for (String name : peers) {
            Peer removed = Problems.explained(() -> book.remove(name));
            invocation.print("trusted no more: " + removed.id() + " " + removed.name());
        }
        return 0;
    }
}
