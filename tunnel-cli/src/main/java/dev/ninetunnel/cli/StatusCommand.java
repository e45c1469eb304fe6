package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.ForeignServerException;
import dev.ninetunnel.wire.Escaped;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ninetunnel status}. */
@Command(name = "status", mixinStandardHelpOptions = true, description = {
        "Shows the endpoints with this run directory: for each peer whether it is linked, or when it is dialled "
                + "again and why; the cipher of the link, its traffic, and its users.",
        "It reads the file 'status' or 'status.json' at RUN/ctl.9p, which every 9P program can. Exits with 0 if an "
                + "endpoint answers, linked or not, and with 69 if none runs."}, footer = {"", "Example:",
                        "  ninetunnel status", "  ninetunnel status --json | jq '.peers[] | .name, .state'"})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Option(names = "--json", description = "As JSON, a line for each endpoint.")
    private boolean json;

    @Override
    public Integer call() {
        RunDirectory run = invocation.common().sockets();
        PrintWriter out = invocation.out();
        boolean any = false;
        for (Path socket : ControlFiles.sockets(run)) {
            try {
                out.print(ControlFiles.read(run, socket, json ? "status.json" : "status"));
                any = true;
            } catch (ForeignServerException e) {
                throw RunDirectory.foreign(e);
            } catch (IOException e) {
                if (!ControlFiles.isStale(e)) {
                    throw new Failure(Failure.UNAVAILABLE, "cannot read from " + socket + ": " + e.getMessage(), e);
                }
            }
        }
        out.flush();
        if (!any) {
            throw new Failure(Failure.UNAVAILABLE, "no endpoint runs here (no answer at "
                    + run.path().resolve("ctl.9p")
                    + "). Start 'ninetunnel dial' or 'ninetunnel listen', or say with --home and --run which is meant"
                    + waiting());
        }
        return 0;
    }

    /** What mounts without an endpoint mean to those who use them. */
    private static String waiting() {
        String mounts = MountEntry.ofThisUser().stream().filter(MountEntry::isOfPeer)
                .map(mount -> Escaped.of(mount.directory())).collect(Collectors.joining(", "));
        return mounts.isEmpty()
                ? ""
                : ". Programs that use these mounts wait until their endpoint is back: " + mounts
                        + ". Ctrl-C ends a program, and 'ninetunnel unmount --detach DIR' takes a mount away";
    }
}
