package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.Bridge;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.PoliteClose;
import dev.ninetunnel.wire.Escaped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that leads to a peer with its standard input and output, such as {@code ssh host -W localhost:5640}. What it
 * says on its standard error goes to the log, a line at a time. It ends with its link: when its input is closed, or
 * else soon after. It is not hit by an interrupt from the keyboard, so that an endpoint that is stopped with one can say
 * goodbye through it.
 */
final class LinkCommand implements Bridge.Bank {
    private static final Logger LOG = LoggerFactory.getLogger(LinkCommand.class);
    private static final int LONGEST_LINE = 1024;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private final String shown;
    private final LinkLimits limits;
    private final Process process;
    private final Thread log;
    private volatile String lastLine = "";

    private LinkCommand(String command, LinkLimits limits, Process process) {
        this.shown = Escaped.of(command);
        this.limits = limits;
        this.process = process;
        this.log = Thread.ofPlatform().daemon().name("link command log").start(this::log);
    }

    /** Starts it. */
    static LinkCommand start(String command, LinkLimits limits) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", "trap '' INT\n" + command).start();
        return new LinkCommand(command, limits, process);
    }

    private void log() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream said = process.getErrorStream()) {
            for (int b = said.read(); b >= 0; b = said.read()) {
                if (b == '\n') {
                    log(line);
                } else if (b != '\r' && line.size() < LONGEST_LINE) {
                    line.write(b);
                }
            }
        } catch (IOException e) {
            // It has ended, and has nothing more to say.
        }
        log(line);
    }

    private void log(ByteArrayOutputStream line) {
        if (line.size() > 0) {
            lastLine = Escaped.of(line.toByteArray());
            LOG.info("'{}' says: {}", shown, lastLine);
            line.reset();
        }
    }

    @Override
    public InputStream in() {
        return process.getInputStream();
    }

    @Override
    public OutputStream out() {
        return process.getOutputStream();
    }

    @Override
    public void inputEnded() {
        try {
            if (process.waitFor(limits.linger().toMillis(), TimeUnit.MILLISECONDS)) {
                // Whatever it has left behind may hold its standard error open.
                log.join(limits.linger().toMillis());
                LOG.info("'{}' has ended with exit code {}", shown, process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its input has been closed for a while by now, see {@link PoliteClose}; what still runs is ended. */
    @Override
    public void abandoned() {
        if (!process.isAlive()) {
            return;
        }
        // At once, and not on a thread: the endpoint may be leaving, and this is the last that it does.
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        Thread.ofPlatform().daemon().name("link command end").start(() -> {
            try {
                if (!ends()) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean ends() throws InterruptedException {
        return process.waitFor(limits.linger().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What to tell when it led nowhere. */
    LinkException fault(Throwable cause) {
        if (process.isAlive()) {
            return new LinkException(LinkException.Kind.COMMAND_ENDED,
                    "'" + shown + "' has closed its standard output, "
                            + "and no peer was there" + lastWords(),
                    cause);
        }
        int code = process.exitValue();
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
