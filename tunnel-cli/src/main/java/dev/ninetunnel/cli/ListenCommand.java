package dev.ninetunnel.cli;

import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.endpoint.LocalAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel listen}. */
@Command(name = "listen", mixinStandardHelpOptions = true, description = {
        "Waits for peers to dial, and serves them.",
        "Prints a line that begins with 'ready' when it does, logs to standard error, and leaves on SIGTERM."}, footer = {
                "", "Example:", "  ninetunnel listen 443 --export /srv/data --export photos=/home/ann/pictures:ro",
                "  ninetunnel ls laptop:          # once a peer that is trusted as 'laptop' has dialled"})
final class ListenCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;
    @Mixin
    private EndpointOptions options;
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "[HOST:]PORT", defaultValue = ""
            + HostPort.DEFAULT_PORT, arity = "0..1", description = "Where "
                    + "to listen; on every address if HOST is left out. Default: ${DEFAULT-VALUE}.")
    private String address;

    @Option(names = "--peer", paramLabel = "NAME", description = "Which peer --local is for, if several are trusted.")
    private String peer;

    @Override
    public Integer call() {
        HostPort where = Problems.usage(spec, () -> HostPort.parse(address));
        List<LocalAddress> locals = options.locals(spec);
        Endpoint endpoint = Problems.explained(() -> Endpoint.open(options.config(main.common(), spec)));
        try (endpoint; Leaving _ = Leaving.onSignal(endpoint::drain)) {
            InetSocketAddress bound = Problems.explained(() -> {
                for (LocalAddress local : locals) {
                    endpoint.post(endpoint.onlyPeer(peer), local);
                }
                return endpoint.listen(where);
            });
            Ready.print(spec, "listening on " + new HostPort(where.host(), bound.getPort()) + ", peer id "
                    + endpoint.id());
            return Problems.explained(() -> {
                endpoint.awaitEnd();
                return 0;
            });
        }
    }
}
