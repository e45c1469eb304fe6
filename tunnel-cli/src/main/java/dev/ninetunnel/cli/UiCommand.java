package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.link.HostPort;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ninetunnel ui}. */
@Command(name = "ui", mixinStandardHelpOptions = true, description = {
        "Has the running endpoint serve its status page to this host, and prints the address that opens it: peers and "
                + "links live, what is shared and with whom, pairing by a QR code, and buttons to disconnect and to "
                + "revoke.",
        "The address opens the page once, within two minutes. From another host, forward the port, as in the "
                + "second example."}, footer = {"", "Example:", "  ninetunnel ui --open",
                        "  ssh -L 9641:127.0.0.1:9641 server.example.org ninetunnel ui --listen 9641"})
final class UiCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Option(names = "--listen", paramLabel = "PORT", description = "Serve it at this port; once it is served it keeps its port. "
            + "Default: one that is free.")
    private String listen;

    @Option(names = "--open", description = "Open it in this user's browser (xdg-open), too.")
    private boolean open;

    @Override
    public Integer call() {
        Optional<HostPort> wanted = Optional.ofNullable(listen)
                .map(text -> invocation.usage(() -> WebConfig.requireLoopback(WebConfig.place(text))));
        String address = ControlFiles.ask(invocation.common().sockets(), "ui", listen == null ? "" : listen);
        invocation.print(address);
        wanted.ifPresent(where -> noteOtherPort(where.port(), URI.create(address).getPort()));
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

    private void noteOtherPort(int wanted, int served) {
        if (wanted != 0 && wanted != served) {
            invocation.err()
                    .println("ninetunnel: the page is served at port " + served + " already, and not at " + wanted
                            + ": use that one, or restart the endpoint first");
            invocation.err().flush();
        }
    }
}
