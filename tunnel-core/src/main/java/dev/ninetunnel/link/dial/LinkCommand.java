package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.Bridge;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.ShellCommand;
import dev.ninetunnel.wire.Escaped;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that leads to a peer with its standard input and output, such as {@code ssh host -W localhost:5640}. What it
 * says on its standard error goes to the log. It is not hit by an interrupt from the keyboard, so that an endpoint that is
 * stopped with one can say goodbye through it.
 */
final class LinkCommand {
    private static final Logger LOG = LoggerFactory.getLogger(LinkCommand.class);
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private final String shown;
    private final ShellCommand command;
    private volatile String lastLine = "";

    private LinkCommand(String command, LinkLimits limits) throws IOException {
        this.shown = Escaped.of(command);
        this.command = ShellCommand.start("trap '' INT\n" + command, limits.linger(), this::said,
                code -> LOG.info("'{}' has ended with exit code {}", shown, code));
    }

    /** Starts it. */
    static LinkCommand start(String command, LinkLimits limits) throws IOException {
        return new LinkCommand(command, limits);
    }

    private void said(String line) {
        lastLine = line;
        LOG.info("'{}' says: {}", shown, line);
    }

    /** What its link is bridged to. */
    Bridge.Bank streams() {
        return command;
    }

    /** What to tell when it led nowhere. */
    LinkException fault(Throwable cause) {
        if (command.isAlive()) {
            return new LinkException(LinkException.Kind.COMMAND_ENDED,
                    "'" + shown + "' has closed its standard output, "
                            + "and no peer was there" + lastWords(),
                    cause);
        }
        int code = command.exitCode();
        LinkException.Kind kind = code == NOT_FOUND || code == NOT_EXECUTABLE
                ? LinkException.Kind.NO_COMMAND
                : LinkException.Kind.COMMAND_ENDED;
        return new LinkException(kind, "'" + shown + "' has ended with exit code " + code + " before the peer was there"
                + lastWords() + "\nTry that command by hand: it is to connect its standard input and output to the "
                + "peer", cause);
    }

    private String lastWords() {
        return lastLine.isEmpty() ? "" : ". It said last: " + lastLine;
    }
}
