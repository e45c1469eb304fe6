package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.ForeignServerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ninetunnel logs}. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = {
        "Shows the log of the endpoint with this run directory: by journalctl(1) where it is a service, by tail(1) where "
                + "its standard error goes into a file. Without an endpoint that runs, that of the unit ninetunnel."}, footer = {
                        "", "Example:", "  ninetunnel logs -f"})
final class LogsCommand implements Callable<Integer> {
    /** As status says it in its first line. */
    private static final Pattern PROCESS = Pattern.compile("^endpoint .*, process (\\d+)");

    @Mixin
    private Invocation invocation;

    @Option(names = {"-f", "--follow"}, description = "Go on as it grows, until Ctrl-C.")
    private boolean follow;

    @Option(names = {"-n",
            "--lines"}, paramLabel = "NUMBER", defaultValue = "100", description = "How many of the last lines "
                    + "to begin with. Default: ${DEFAULT-VALUE}.")
    private int lines;

    @Option(names = {"-u",
            "--unit"}, paramLabel = "UNIT", description = "Of this unit of systemd, such as ninetunnel@blue, "
                    + "whether it runs or not.")
    private Optional<String> unit = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        EndpointLog log = new EndpointLog(lines, follow);
        List<String> command = unit.map(name -> log.ofUnit(name, false))
                .or(() -> process().map(log::of))
                .orElseGet(() -> ofService(log));
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE, "cannot run '" + String.join(" ", command) + "': " + e.getMessage()
                    + ". Is an endpoint running with the same --home and --run?", e);
        }
    }

    /** Where no endpoint runs: why one has ended stands in the log of the service, if there is one. */
    private List<String> ofService(EndpointLog log) {
        invocation.err().println("ninetunnel: no endpoint answers at " + invocation.common().sockets().path()
                + ", so this is the log of the unit ninetunnel: --run names another place, --unit another unit");
        invocation.err().flush();
        return log.ofUnit("ninetunnel", false);
    }

    /** The first endpoint that runs here. */
    private Optional<Long> process() {
        RunDirectory run = invocation.common().sockets();
        for (Path socket : ControlFiles.sockets(run)) {
            try {
                Matcher first = PROCESS.matcher(ControlFiles.read(run, socket, "status"));
                if (first.find()) {
                    return Optional.of(Long.valueOf(first.group(1)));
                }
            } catch (ForeignServerException e) {
                throw RunDirectory.foreign(e);
            } catch (IOException _) {
                // It is gone.
            }
        }
        return Optional.empty();
    }
}
