package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ninetunnel reload}. */
@Command(name = "reload", mixinStandardHelpOptions = true, description = {
        "Has the endpoint of 'ninetunnel up' read its file again, and any endpoint its keys, certificates and "
                + "lists. Links that the change does not concern stay; the rights of a peer change with its next "
                + "request; a peer that is removed from the file is cut off.",
        "Returns when the change is in force. If the file is broken, nothing changes, and it says why and exits "
                + "with 78; with 69 if no endpoint runs. SIGHUP does the same, but reports to the log only."}, footer = {
                        "", "Example:",
                        "  ninetunnel verify && ninetunnel reload"})
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Override
    public Integer call() {
        try {
            ControlFiles.ask(invocation.common().sockets(), "reload", "again");
        } catch (Failure e) {
            throw e.exitCode() == Failure.CONFIG
                    ? new Failure(e.exitCode(), "all stays as it was: " + e.getMessage(), e)
                    : e;
        }
        invocation.print("it is in force");
        return 0;
    }
}
