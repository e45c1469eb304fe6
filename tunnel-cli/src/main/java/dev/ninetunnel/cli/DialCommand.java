package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.EndpointOptions;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.options.MountOptions;
import dev.ninetunnel.cli.options.RouteOptions;
import dev.ninetunnel.cli.process.ProcessSignal;
import dev.ninetunnel.cli.process.ShutdownHook;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.LocalAddress;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.wire.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel dial}. */
@Command(name = "dial", mixinStandardHelpOptions = true, description = {
        "Dials a peer, uses its files, and offers it this host's exports over the same connection.",
        "Prints a line that begins with 'ready' once linked, logs to standard error, and leaves on SIGTERM.",
        "When the link is lost, it dials again: three times quickly, then after 1 second, doubling up to 20, and "
                + "immediately when this host's network changes or on SIGUSR1. It says why and exits when dialling "
                + "again is of no use (a wrong key, a refusal, another version), or when the start fails within 30 "
                + "seconds."}, footer = {"",
                        "Example:",
                        "  ninetunnel dial server.example.org:443 --peer server --export ~/work",
                        "  ninetunnel dial server.example.org:443 --peer server --proxy http://proxy.example.net:3128",
                        "  ninetunnel dial --via 'ssh server.example.org -W localhost:5640' --peer server",
                        "  ninetunnel dial server.example.org:443 --peer server --mount ~/server",
                        "  ninetunnel ls server:"})
final class DialCommand implements Callable<Integer> {
    @Mixin
    private EndpointOptions options;
    @Mixin
    private Invocation invocation;

    @Mixin
    private RouteOptions way;

    @Parameters(paramLabel = "HOST[:PORT]", arity = "0..1", description = "Where the peer listens; port "
            + HostPort.DEFAULT_PORT + " if left out.")
    private String address;

    @Option(names = "--peer", required = true, paramLabel = "NAME", description = "The expected peer: a name given with "
            + "'ninetunnel accept', 'invite' or 'trust', or, with --ca, the name in its certificate.")
    private String peer;

    @Option(names = "--retry", description = "Try again even when the start fails: for a peer that may not run yet.")
    private boolean retry;

    @Option(names = "--opening", paramLabel = "SECONDS", defaultValue = "10", description = "How long the peer may take for the TLS "
            + "handshake and to begin to speak 9P. Use more where it has very many peers, or the line is very "
            + "slow. Default: ${DEFAULT-VALUE}.")
    private int opening;

    @Option(names = "--mount", paramLabel = "DIR", description = "Once linked, mount the peer's files there, and unmount them "
            + "when leaving: as 'ninetunnel mount' does, or, as root, 'ninetunnel mount --kernel'.")
    private Path mount;

    @Override
    public Integer call() {
        Destination where = invocation.usage(() -> way.to(address, System.getenv()));
        List<LocalAddress> locals = options.locals(invocation);
        EndpointConfig config = invocation.usage(() -> {
            EndpointConfig usual = options.config(invocation);
            EndpointConfig.Limits limits = usual.limits();
            return usual.withLimits(limits.withSession(limits.session().withOpening(Duration.ofSeconds(opening))));
        });
        invocation.usage(() -> new ExpectedPeer.Certified(peer));
        Endpoint endpoint = Problems
                .explained(() -> Endpoint.open(HubConfig.everyone(config, Set.of(peer), List.of())));
        Optional<Mounting> mounting = Optional.ofNullable(mount)
                .map(directory -> mounting(endpoint, directory));
        AtomicBoolean mounted = new AtomicBoolean();
        try (endpoint; ShutdownHook _ = ShutdownHook.onSignal(() -> leave(endpoint, mounting, mounted))) {
            Reloading.onSignal(endpoint);
            ProcessSignal.on("USR1", endpoint::dialNow);
            Problems.run(() -> {
                for (LocalAddress local : locals) {
                    endpoint.post(peer, local);
                }
                endpoint.dial(where, peer, retry);
            });
            if (mounting.isPresent()) {
                Problems.run(() -> {
                    mounting.get().mount();
                    mounted.set(true);
                });
            }
            Ready.print(invocation, endpoint, "linked to " + peer + " at " + where + ", whose files are at "
                    + (mount == null ? endpoint.socket(peer) : mount));
            Problems.run(() -> {
                try {
                    endpoint.awaitEnd();
                } finally {
                    unmount(mounting, mounted);
                }
            });
            return 0;
        }
    }

    /** By the kernel's own client where this is root, as before there was another. */
    private Mounting mounting(Endpoint endpoint, Path directory) {
        return Login.ofThisProcess(Text.EMPTY).uid() == 0
                ? new KernelMount(endpoint.socket(peer), "", directory, null)
                : new UserMount(new MountSource.OfPeer(new PeerPath(peer, "")), peer + ":",
                        invocation.common().sockets(),
                        MountPoint.of(directory), MountOptions.parse(null, false), false);
    }

    /** Unmounts first, while the peer still answers. */
    private static void leave(Endpoint endpoint, Optional<Mounting> mounting, AtomicBoolean mounted) {
        try {
            Problems.run(() -> unmount(mounting, mounted));
        } finally {
            endpoint.drain();
        }
    }

    private static void unmount(Optional<Mounting> mounting, AtomicBoolean mounted) throws InterruptedException {
        if (mounted.getAndSet(false)) {
            mounting.orElseThrow().unmount();
        }
    }
}
