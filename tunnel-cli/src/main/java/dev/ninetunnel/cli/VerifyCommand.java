package dev.ninetunnel.cli;

import dev.ninetunnel.cli.config.ConfigFile;
import dev.ninetunnel.cli.options.FileOption;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.PeerConfig;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.PeerFile;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ninetunnel verify}. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
        "Checks the file for 'ninetunnel up' without running anything, and shows what each peer may do.",
        "It reports every mistake with its line: unknown keys, impossible values, missing directories and files. "
                + "Exits with 78 then, with 66 if the file itself is missing."}, footer = {"",
                        "Example:", "  ninetunnel verify",
                        "  ninetunnel verify -c new.toml && mv new.toml ninetunnel.toml"})
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;
    @Mixin
    private FileOption option;

    @Override
    public Integer call() {
        HubConfig hubConfig = ConfigFile.readAndLook(option.path(invocation.common()), invocation.common()).setup();
        boolean vouched = Problems.explained(() -> Credentials.check(hubConfig.config().papers(), Clock.systemUTC()));
        PrintWriter out = invocation.out();
        PeerFile book = new PeerFile(hubConfig.config().home());
        for (PeerConfig peer : hubConfig.peers()) {
            boolean known = peer.key().isPresent() || Problems.explained(() -> book.byName(peer.name())).isPresent();
            out.println(peer.name() + ": " + may(hubConfig.grants(peer.name())) + mounted(peer) + (known
                    ? ""
                    : vouched
                            ? " (any holder of a certificate for that name)"
                            : " (its key is not known yet: pair with it under this name, or write id = \"...\")"));
        }
        out.flush();
        return 0;
    }

    private static String mounted(PeerConfig peer) {
        return peer.mount().map(mount -> ", mounted at " + mount.directory()).orElse("");
    }

    private static String may(Map<String, Grant> grants) {
        if (grants.isEmpty()) {
            return "may use nothing here";
        }
        return grants.entrySet().stream().map(e -> e.getValue().on(e.getKey())).collect(Collectors.joining(", "));
    }
}
