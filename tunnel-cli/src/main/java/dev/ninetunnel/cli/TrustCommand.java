package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel trust}. */
@Command(name = "trust", mixinStandardHelpOptions = true, description = {
        "Trusts a peer: adds its id, under a name of your choice, to the file 'peers' of the home directory.",
        "Both sides must trust each other; 'ninetunnel invite' does that for both. A running endpoint sees the "
                + "change by itself."}, footer = {"", "Example:",
                        "  ninetunnel trust 3f9c0c5e...64 digits in all... --name server"})
final class TrustCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Parameters(paramLabel = "PEER-ID", description = "What 'ninetunnel id' prints on the peer's host.")
    private String peer;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "What to call the peer here: letters, "
            + "digits, '.', '_' and '-'. Its files appear as RUN/NAME.9p.")
    private String name;

    @Override
    public Integer call() {
        Peer added = invocation.usage(() -> new Peer(PeerId.parse(peer), name));
        PeerFile book = new PeerFile(invocation.common().home());
        Problems.run(() -> book.add(added));
        invocation.print("trusted " + added.id() + " as " + name);
        return 0;
    }
}
