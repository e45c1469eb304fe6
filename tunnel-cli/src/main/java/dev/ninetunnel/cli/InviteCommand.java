package dev.ninetunnel.cli;

import ch.qos.logback.classic.Level;
import dev.ninetunnel.cli.config.ConfigFile;
import dev.ninetunnel.cli.options.DurationParser;
import dev.ninetunnel.cli.options.FileOption;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.PairingServer;
import dev.ninetunnel.endpoint.PeerConfig;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.ThisHost;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel invite}. */
@Command(name = "invite", mixinStandardHelpOptions = true, description = {
        "Pairs with another host: prints the command to run there, and waits until it has been run. Afterwards "
                + "each of the two trusts the other's key, and no key had to be compared or copied.",
        "The command holds a secret that works once, until it expires: give it only to the person whom it is for. "
                + "The secret is read from standard input, where no other user of that host can see it.",
        "An endpoint that listens already ('listen' or 'up', with the same --home and --run) admits the other side "
                + "immediately. Otherwise this command listens itself, for pairing only."}, footer = {
                        "", "Example:", "  ninetunnel invite laptop",
                        "  ninetunnel invite laptop --address server.example.org:443 --expires 1h",
                        "  ssh server.example.org ninetunnel invite laptop | ninetunnel accept"})
final class InviteCommand implements Callable<Integer> {
    /** A key for a name that is checked before its own is known. */
    private static final PeerId NOBODY = new PeerId("0".repeat(64));
    /** What stands for all addresses of this host. */
    private static final Set<String> EVERYWHERE = Set.of("", "*", "0.0.0.0", "::");
    private static final Duration LONGEST = Duration.ofDays(7);

    @Mixin
    private Invocation invocation;
    @Mixin
    private FileOption option;

    @Parameters(paramLabel = "NAME", description = "What to call the other side here. Its files appear as RUN/NAME.9p. If "
            + "there is a ninetunnel.toml, [peer.NAME] in it says what it may do.")
    private String name;

    @Option(names = "--address", paramLabel = "HOST[:PORT]", description = "Where the other side finds this one. Default: "
            + "this host's full name, or its address, and the port at which it listens.")
    private String address;

    @Option(names = "--listen", paramLabel = "[HOST:]PORT", description = "Where to listen, if no endpoint does. Default: "
            + "what ninetunnel.toml says, or else the port of --address, or " + HostPort.DEFAULT_PORT + ".")
    private String listen;

    @Option(names = "--expires", paramLabel = "TIME", defaultValue = "15m", description = "How long the invitation can be used: "
            + "90s, 15m, 2h. Default: ${DEFAULT-VALUE}.")
    private String expires;

    @Option(names = "--replace", description = "If NAME is trusted already, replace its key by the new one. Until "
            + "then the old one is let in.")
    private boolean replacing;

    @Option(names = "--no-wait", description = "Do not wait. An endpoint that listens with this --home before it "
            + "expires admits the other side.")
    private boolean noWait;

    @Override
    public Integer call() {
        invocation.usage(() -> new Peer(NOBODY, name));
        invocation.common().level(Level.WARN); // what the log would say of a success is said here
        Duration life = invocation.usage(this::life);
        Optional<HubConfig> setup = setup();
        Path home = setup.map(s -> s.config().home()).orElseGet(invocation.common()::home);
        RunDirectory run = setup.map(s -> new RunDirectory(s.config().run(), true))
                .orElseGet(invocation.common()::sockets);
        PeerFile book = new PeerFile(home);
        refuseIfKnown(setup, book);
        PeerId self = Problems.explained(() -> Identity.loadOrCreate(home)).id();
        Invitations invitations = new Invitations(home, Clock.systemUTC());
        Optional<HostPort> wanted = invocation.usage(() -> Optional.ofNullable(listen).map(HostPort::parse));
        Optional<HostPort> running = PairingPlace.find(run, invitations, wanted);
        HostPort where = running.or(() -> wanted).orElseGet(() -> usualPlace(setup));
        try (PairingServer pairingServer = running.isPresent() || noWait
                ? null
                : Problems.explained(() -> PairingServer.open(home, where))) {
            int port = pairingServer == null ? where.port() : pairingServer.address().getPort();
            HostPort there = invocation.usage(() -> there(where.host(), port));
            Invitation made = Problems.explained(() -> invitations.invite(name, there.host(), there.port(), self, life,
                    replacing));
            announce(made, life);
            if (noWait) {
                return 0;
            }
            new InvitationWait(invocation.err(), invitations, made, name).untilUsed();
        }
        tellStored(book, setup, running, where);
        return 0;
    }

    private Duration life() {
        Duration life = DurationParser.parse(expires.matches("[0-9]+") ? expires + "s" : expires);
        if (life.isZero() || life.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("--expires goes up to " + LONGEST.toHours() + "h, and " + expires
                    + " is not within");
        }
        return life;
    }

    /** The file that 'ninetunnel up' would run here, if there is one. */
    private Optional<HubConfig> setup() {
        Path file = option.path(invocation.common());
        return option.isGiven() || Files.exists(file)
                ? Optional.of(ConfigFile.read(file, invocation.common()).setup())
                : Optional.empty();
    }

    private void refuseIfKnown(Optional<HubConfig> setup, PeerFile book) {
        Optional<PeerId> written = named(setup).flatMap(PeerConfig::key);
        if (written.isPresent()) {
            throw new Failure(Failure.CONFIG, "the file gives [peer." + name + "] the key " + written.get() + ", which "
                    + "goes before any that is paired. Take its line 'id' out, or choose another name");
        }
        Optional<Peer> known = Problems.explained(() -> book.byName(name));
        if (known.isPresent() && !replacing) {
            throw new Failure(Failure.CONFIG, name + " is trusted already, with the key " + known.get().id()
                    + ". If that peer has a new key, add --replace; for another peer, choose another name");
        }
    }

    private Optional<PeerConfig> named(Optional<HubConfig> setup) {
        return setup.flatMap(s -> s.peers().stream().filter(peer -> peer.name().equals(name)).findFirst());
    }

    /** Where an endpoint would be expected to listen. */
    private HostPort usualPlace(Optional<HubConfig> setup) {
        Optional<HostPort> written = setup.flatMap(s -> s.listen().stream().findFirst());
        return written.orElseGet(() -> new HostPort("",
                address == null || !hasPort() ? HostPort.DEFAULT_PORT : HostPort.parse(address).port()));
    }

    private boolean hasPort() {
        return address.matches("(\\[.*]|[^:]*):[0-9]+");
    }

    /** Where the other side is to look, if that has been said; else where this one listens. */
    private HostPort there(String bound, int port) {
        if (address == null && !EVERYWHERE.contains(bound)) {
            return new HostPort(bound, port);
        }
        if (address == null) {
            return new HostPort(ThisHost.address().orElseThrow(() -> new IllegalArgumentException(
                    "this host knows no address of its own that others could reach: say with --address HOST[:PORT] where "
                            + "the other side finds it")),
                    port);
        }
        HostPort given = HostPort.parse(address);
        if (given.host().isEmpty()) {
            throw new IllegalArgumentException("--address needs a host that the other side can look for: HOST:"
                    + given.port());
        }
        return hasPort() ? given : new HostPort(given.host(), port);
    }

    /** Standard output has the one command and nothing else, so that it can be handed on as it is. */
    private void announce(Invitation made, Duration life) {
        PrintWriter err = invocation.err();
        err.println("On the other host, within " + (life.toSeconds() % 60 == 0
                ? life.toMinutes() + " minutes"
                : life.toSeconds() + " seconds") + ", run this line (it looks for this host at "
                + new HostPort(made.host(), made.port()) + "):");
        err.println();
        err.flush();
        PrintWriter out = invocation.out();
        out.println("echo " + made.code() + " | ninetunnel accept");
        out.flush();
        err.println();
        err.println(noWait
                ? "'ninetunnel listen' or 'ninetunnel up' receives it, now or later."
                : "Waiting for it; Ctrl-C withdraws the invitation.");
        err.flush();
    }

    private void tellStored(PeerFile book, Optional<HubConfig> setup, Optional<HostPort> running, HostPort where) {
        PrintWriter err = invocation.err();
        Problems.explained(() -> book.byName(name))
                .ifPresent(peer -> err.println("paired with " + name + ", peer id " + peer.id()));
        err.println("stored in " + book.file());
        if (setup.isPresent() && named(setup).isEmpty()) {
            err.println("next:  give it something in the file, which does not name it yet, and run 'ninetunnel "
                    + (running.isPresent() ? "reload" : "up") + "':\n  [peer." + name + "]\n  allow = { "
                    + setup.get().config().exports().stream().findFirst().map(e -> e.name()).orElse("EXPORT")
                    + " = \"ro\" }");
        } else if (running.isPresent()) {
            err.println("the endpoint that listens on " + running.get() + " lets it in from now on");
        } else {
            err.println("next:  " + (setup.isPresent()
                    ? "ninetunnel up"
                    : "ninetunnel listen " + (where.host().isEmpty() ? where.port() : where) + " --export DIR"));
        }
        err.flush();
    }
}
