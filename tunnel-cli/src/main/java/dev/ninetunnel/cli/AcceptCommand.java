package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.options.RouteOptions;
import dev.ninetunnel.cli.process.Terminal;
import dev.ninetunnel.endpoint.PairingClient;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel accept}. */
@Command(name = "accept", mixinStandardHelpOptions = true, description = {
        "Accepts an invitation that 'ninetunnel invite' has made on another host: afterwards each of the two trusts the "
                + "other's key. Prints what was stored where, and the command that dials.",
        "Running it again with the same code does no harm, until the code expires."}, footer = {"", "Example:",
                "  ninetunnel accept                              # asks for the code",
                "  echo nt1-CRYI1A6Z... | ninetunnel accept       # the line that 'invite' prints",
                "  ssh server.example.org ninetunnel invite laptop | ninetunnel accept"})
final class AcceptCommand implements Callable<Integer> {
    /** More than any code has; who sends more than that sends something else. */
    private static final int LONGEST_LINE = 4096;
    private static final String PROMPT = "The code, or the whole line that 'ninetunnel invite' has printed: ";

    @Mixin
    private Invocation invocation;
    @Mixin
    private RouteOptions way;

    @Parameters(paramLabel = "CODE", arity = "0..1", description = "The code. Other users of this machine can see it "
            + "while the command runs; left out, or '-', it is read from standard input, where they cannot.")
    private String code;

    @Option(names = "--name", paramLabel = "NAME", description = "What to call the other side here. Default: the first "
            + "part of its host's name, or its address.")
    private String name;

    @Option(names = "--replace", description = "If the name has another key already, replace it.")
    private boolean replacing;

    @Option(names = "--address", paramLabel = "HOST[:PORT]", description = "Look for the other side there, instead of where "
            + "the code says.")
    private String address;

    @Override
    public Integer call() {
        Invitation invitation = invocation.usage(() -> Invitation.parse(given()));
        String where = address == null ? new HostPort(invitation.host(), invitation.port()).toString() : address;
        Destination to = invocation.usage(() -> way.alternativelyTo(where, System.getenv()));
        Peer called = invocation.usage(() -> new Peer(invitation.inviter(), name == null ? nameOf(where) : name));
        PairingClient done = Problems.explained(
                () -> PairingClient.of(invitation, invocation.common().home(), to, called.name(), replacing));
        PrintWriter out = invocation.out();
        out.println("paired with " + done.peer().name() + ", peer id " + done.peer().id());
        out.println("stored in " + done.list() + "; the other side calls this one " + done.calledThere());
        out.println("next:  ninetunnel dial " + way.words(where) + " --peer " + done.peer().name());
        out.flush();
        return 0;
    }

    private String given() {
        return code != null && !code.equals("-") ? code : Problems.explained(this::read);
    }

    /** One line: its writer may say more, or keep the pipe open. */
    @SuppressWarnings("SystemConsoleNull") // It is null again since JDK 25, which has its old console back.
    private String read() throws IOException {
        if (Terminal.onStandardInput()) {
            Console console = System.console();
            if (console != null) {
                char[] typed = console.readPassword("%s", PROMPT);
                return typed == null ? "" : new String(typed);
            }
            invocation.err().print(PROMPT);
            invocation.err().flush();
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        int left = LONGEST_LINE;
        for (int c = in.read(); c >= 0 && left > 0; c = in.read(), left--) {
            if (c == '\n' && !line.isEmpty()) {
                break;
            }
            if (c != '\n' && c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** A name for who is found there. */
    private static String nameOf(String where) {
        String host = HostPort.parse(where).host();
        boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        return (address ? host.replace(':', '-') : host.replaceFirst("\\..*", "")).replaceFirst("^-+", "");
    }
}
