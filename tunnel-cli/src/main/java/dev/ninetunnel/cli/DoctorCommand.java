package dev.ninetunnel.cli;

import dev.ninetunnel.cli.doctor.Finding;
import dev.ninetunnel.cli.doctor.HostChecks;
import dev.ninetunnel.cli.doctor.MountCheck;
import dev.ninetunnel.cli.doctor.OwnChecks;
import dev.ninetunnel.cli.doctor.WayCheck;
import dev.ninetunnel.cli.options.Invocation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
        "Looks at what this host has for a tunnel, and says what to do about what is missing: Java, mounts, limits, the clock, the "
                + "key, peers, sockets, running endpoints, this user's mounts, and the way to endpoints that listen.",
        "It changes nothing. Exits with 0 unless something is marked BAD."}, footer = {"", "Example:",
                "  ninetunnel doctor", "  ninetunnel doctor server.example.org:443"})
final class DoctorCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\[\\]]+?)\\]?:(\\d{1,5})");

    @Mixin
    private Invocation invocation;

    @Parameters(arity = "0..*", paramLabel = "HOST:PORT", description = "Where endpoints listen that this one is to dial.")
    private List<String> addresses = List.of();

    @Override
    public Integer call() {
        Path home = invocation.common().home();
        List<WayCheck> ways = addresses.stream().map(address -> way(home, address)).toList();
        List<Finding> all = new ArrayList<>(new HostChecks(Path.of("/")).all());
        all.addAll(new OwnChecks(home, invocation.common().run(), Clock.systemUTC()).all());
        all.addAll(endpoints());
        all.addAll(mounts());
        ways.forEach(way -> all.addAll(way.all()));
        PrintWriter out = invocation.out();
        for (Finding finding : all) {
            out.printf("%-3s %s%n", finding.level().shown(), finding.what());
            if (!finding.remedy().isEmpty()) {
                out.printf("      to do: %s%n", finding.remedy());
            }
        }
        out.flush();
        return all.stream().anyMatch(finding -> finding.level() == Finding.Level.BAD) ? Failure.UNAVAILABLE : 0;
    }

    private WayCheck way(Path home, String address) {
        Matcher m = ADDRESS.matcher(address);
        int port = m.matches() ? Integer.parseInt(m.group(2)) : 0;
        if (port < 1 || port > 0xFFFF) {
            throw invocation.misuse(
                    "'" + address + "' is no HOST:PORT, such as server.example.org:443");
        }
        return new WayCheck(home, m.group(1), port);
    }

    private static List<Finding> mounts() {
        return MountEntry.ofThisUser().stream().map(mount -> new MountCheck(mount).finding()).toList();
    }

    private List<Finding> endpoints() {
        RunDirectory run = invocation.common().sockets();
        List<Finding> all = new ArrayList<>();
        for (Path socket : ControlFiles.sockets(run)) {
            try {
                String first = ControlFiles.read(run, socket, "status").lines().findFirst().orElse("");
                all.add(new Finding(Finding.Level.GOOD, "runs: " + first, ""));
            } catch (IOException e) {
                all.add(new Finding(ControlFiles.isStale(e) ? Finding.Level.MISSING : Finding.Level.BAD,
                        "no endpoint answers at " + socket, ControlFiles.isStale(e)
                                ? "it was killed, and the next one takes the socket over"
                                : "see what its log says: " + e.getMessage()));
            }
        }
        if (all.isEmpty()) {
            all.add(new Finding(Finding.Level.MISSING, "no endpoint runs here",
                    "ninetunnel listen, dial or up; or say with --home and --run which is meant"));
        }
        return all;
    }
}
