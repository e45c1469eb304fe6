package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.DoorOptions;
import dev.ninetunnel.cli.options.EndpointOptions;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.ShutdownHook;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.LocalAddress;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.link.HostPort;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel listen}. */
@Command(name = "listen", mixinStandardHelpOptions = true, description = {
        "Waits for peers to dial, and serves them.",
        "Prints a line that begins with 'ready' when it does, logs to standard error, and leaves on SIGTERM. On SIGHUP, and by "
                + "itself when they change, it reads keys, certificates and lists again."}, footer = {
                        "", "Example:",
                        "  ninetunnel listen 443 --export /srv/data --export photos=/home/ann/pictures:ro",
                        "  ninetunnel listen --stdio --export /srv/data      # at the end of: ssh server ninetunnel listen ...",
                        "  ninetunnel ls laptop:          # once a peer that is trusted as 'laptop' has dialled"})
final class ListenCommand implements Callable<Integer> {
    @Mixin
    private EndpointOptions options;
    @Mixin
    private DoorOptions door;
    @Mixin
    private Invocation invocation;

    @Parameters(paramLabel = "[HOST:]PORT", arity = "0..1", description = "Where to listen; on every address if HOST is "
            + "left out. Default: " + HostPort.DEFAULT_PORT + ".")
    private String address;

    @Option(names = "--stdio", description = "Serve the one peer at this process's standard input and output instead, and "
            + "end with it: for sshd or inetd to start. The line that begins with 'ready' goes to standard error.")
    private boolean stdio;

    @Option(names = "--peer", paramLabel = "NAME", description = "Which peer --local is for, if several are trusted.")
    private String peer;

    @Option(names = "--allow", paramLabel = "NAME", description = "Let in the peer with this name in its "
            + "certificate, which an authority of --ca has signed; several times for several. It may use all "
            + "exports.")
    private Set<String> allowed = new LinkedHashSet<>();

    @Override
    public Integer call() {
        HostPort where = invocation.usage(this::where);
        Set<String> certified = invocation.usage(() -> {
            allowed.forEach(ExpectedPeer.Certified::new);
            return allowed;
        });
        List<LocalAddress> locals = options.locals(invocation);
        EndpointConfig config = door.applied(options.config(invocation), invocation);
        Endpoint endpoint = Problems.explained(
                () -> Endpoint.open(HubConfig.everyone(config, certified, stdio ? List.of() : List.of(where)),
                        SocketActivation.sockets()));
        try (endpoint; ShutdownHook _ = ShutdownHook.onSignal(endpoint::drain)) {
            Reloading.onSignal(endpoint);
            if (stdio) {
                return serveStandardStreams(endpoint, locals);
            }
            InetSocketAddress bound = Problems.explained(() -> {
                for (LocalAddress local : locals) {
                    endpoint.post(endpoint.onlyPeer(peer), local);
                }
                return endpoint.listen(where);
            });
            Ready.print(invocation, endpoint,
                    "listening on " + new HostPort(where.host(), bound.getPort()) + ", peer id "
                            + endpoint.id());
            Problems.run(endpoint::awaitEnd);
            return 0;
        }
    }

    private HostPort where() {
        if (stdio && address != null) {
            throw new IllegalArgumentException("--stdio listens nowhere: leave " + address + " out");
        }
        return HostPort.parse(address == null ? String.valueOf(HostPort.DEFAULT_PORT) : address);
    }

    /** Nothing else may be written to standard output from here on: what the peer sends and gets is there. */
    private int serveStandardStreams(Endpoint endpoint, List<LocalAddress> locals) {
        System.setOut(System.err);
        return Problems.explained(() -> {
            for (LocalAddress local : locals) {
                endpoint.post(endpoint.onlyPeer(peer), local);
            }
            System.err.println("ready: serving standard input and output, peer id " + endpoint.id());
            endpoint.serve(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                    "standard input");
            return 0;
        });
    }
}
