package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.endpoint.web.WebConfig;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ninetunnel ui}. */
@Command(name = "ui", mixinStandardHelpOptions = true, description = {
        "Has the running endpoint serve its status page to this host, and prints the address that opens it: peers and "
                + "links live, what is shared and with whom, pairing by a QR code, and buttons to disconnect and to "
                + "revoke.",
        "The address opens the page once, within two minutes. From elsewhere, forward the port: ssh -L "
                + "9641:127.0.0.1:9641 HOST ninetunnel ui --listen 9641."}, footer = {"", "Example:",
                        "  ninetunnel ui --open"})
final class UiCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Option(names = "--listen", paramLabel = "PORT", description = "Serve it at this port, if it is not served yet. Default: "
            + "one that is free.")
    private String listen;

    @Option(names = "--open", description = "Open it in this user's browser (xdg-open), too.")
    private boolean open;

    @Override
    public Integer call() {
        if (listen != null) {
            invocation.usage(() -> WebConfig.requireLoopback(WebConfig.place(listen)));
        }
        String address = ControlFiles.ask(invocation.common().sockets(), "ui", listen == null ? "" : listen);
        invocation.print(address);
        if (open) {
            try {
                new ProcessBuilder("xdg-open", address).redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            } catch (IOException e) {
                throw new Failure(Failure.UNAVAILABLE,
                        "no browser was opened (" + e.getMessage() + "): open that address in one", e);
            }
        }
        return 0;
    }
}
