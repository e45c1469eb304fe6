package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel disconnect}. */
@Command(name = "disconnect", mixinStandardHelpOptions = true, description = {
        "Has the running endpoint end its link and its session with a peer: programs that wait for it get errors.",
        "The peer may come back, as may this endpoint where it dials it: 'ninetunnel untrust' keeps it out."}, footer = {
                "", "Example:", "  ninetunnel disconnect laptop"})
final class DisconnectCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "As 'ninetunnel status' lists them.")
    private List<String> peers;

    @Override
    public Integer call() {
        peers.forEach(peer -> invocation.print(ControlFiles.ask(invocation.common().sockets(), "disconnect", peer)));
        return 0;
    }
}
