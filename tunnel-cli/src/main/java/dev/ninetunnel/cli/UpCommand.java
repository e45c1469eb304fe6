package dev.ninetunnel.cli;

import dev.ninetunnel.cli.config.ConfigFile;
import dev.ninetunnel.cli.options.FileOption;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.options.WebOptions;
import dev.ninetunnel.cli.process.ProcessSignal;
import dev.ninetunnel.cli.process.ShutdownHook;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.Hub;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.link.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ninetunnel up}. */
@Command(name = "up", mixinStandardHelpOptions = true, description = {
        "Runs the endpoint that a file describes: where it listens, which peers it dials, what it exports, and the "
                + "rights of each peer. An export that a peer may not use does not exist for it. It keeps the files of "
                + "peers mounted where the file says so.",
        "Prints a line that begins with 'ready', logs to standard error, and leaves on SIGTERM. On SIGHUP, or when "
                + "'ninetunnel reload' asks for it, the file is read again and applied; links that it does not change "
                + "stay, and a broken file changes nothing. SIGUSR1 dials immediately instead of waiting.",
        "docs/configuration.md describes the file."}, footer = {"", "Example:",
                "  ninetunnel verify && ninetunnel up",
                "  ninetunnel up -c /etc/ninetunnel/ninetunnel.toml"})
final class UpCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(UpCommand.class);

    @Mixin
    private Invocation invocation;
    @Mixin
    private FileOption option;
    @Mixin
    private WebOptions web;

    @Override
    public Integer call() {
        Path file = option.path(invocation.common());
        ConfigFile read = ConfigFile.readAndLook(file, invocation.common());
        invocation.common().level(read.level());
        Hub hub = Problems.explained(() -> Hub.open(told(read), SocketActivation.sockets()));
        try (hub; ShutdownHook _ = ShutdownHook.onSignal(hub::drain)) {
            ProcessSignal.on("USR1", hub.endpoint()::dialNow);
            ProcessSignal.on("HUP", () -> reload(hub, file));
            hub.onReload(() -> apply(hub, file));
            hub.mountBy(MountProcess.of(invocation, read.setup().config()));
            Problems.run(hub::start);
            Ready.print(invocation, hub.endpoint(), state(hub));
            Problems.run(hub.endpoint()::awaitEnd);
            return 0;
        }
    }

    private static String state(Hub hub) {
        List<String> where = hub.addresses().stream().map(address -> HostPort.of(address).toString()).toList();
        return (where.isEmpty() ? "dialling" : "listening on " + String.join(", ", where)) + ", peer id " + hub.id();
    }

    private void reload(Hub hub, Path file) {
        String fault = apply(hub, file);
        if (fault.isEmpty()) {
            LOG.info("{} is in force", file);
        } else {
            LOG.error("all stays as it was: {}", fault);
        }
    }

    /** What the file says, and options that go before it. */
    private HubConfig told(ConfigFile read) {
        EndpointConfig config = read.setup().config();
        return read.setup().with(config.withWeb(invocation.usage(() -> web.or(config.web()))));
    }

    /** Returns what is wrong with the file, or nothing. */
    private String apply(Hub hub, Path file) {
        try {
            return applied(hub, file);
        } catch (RuntimeException | Error e) {
            // The one that waits for the outcome gets one, and the endpoint goes on with what it has.
            LOG.error("{} could not be read", file, e);
            return "this should not have happened: " + e;
        }
    }

    private String applied(Hub hub, Path file) {
        ConfigFile read;
        try {
            read = ConfigFile.read(file, invocation.common());
        } catch (Failure e) {
            hub.unreadable(e.getMessage());
            return e.getMessage();
        }
        try {
            Problems.run(() -> hub.change(told(read)));
            invocation.common().level(read.level());
            return "";
        } catch (Failure e) {
            return e.getMessage();
        }
    }
}
