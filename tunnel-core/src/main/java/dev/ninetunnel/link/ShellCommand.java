package dev.ninetunnel.link;

import dev.ninetunnel.wire.Escaped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A command for the shell whose standard input and output are a connection. What it says on its standard error is told a line
 * at a time, made safe to show. It ends with its connection: when its input is closed, or else soon after.
 */
public final class ShellCommand implements Bridge.Bank {
    private static final int LONGEST_LINE = 1024;

    private final Process process;
    private final Duration patience;
    private final Consumer<String> said;
    private final IntConsumer ended;
    private final Thread errors;

    private ShellCommand(Process process, Duration patience, Consumer<String> said, IntConsumer ended) {
        this.process = process;
        this.patience = patience;
        this.said = said;
        this.ended = ended;
        this.errors = Thread.ofPlatform().daemon().name("command log").start(this::readErrors);
    }

    /**
     * Starts it.
     *
     * @param patience how long it may take to end by itself, and then to end when it is asked to
     * @param said takes the lines of its standard error, on a thread of its own
     * @param ended takes its exit code, if it has ended by itself
     */
    public static ShellCommand start(String script, Duration patience, Consumer<String> said, IntConsumer ended)
            throws IOException {
        return new ShellCommand(new ProcessBuilder("/bin/sh", "-c", script).start(), patience, said, ended);
    }

    private void readErrors() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = process.getErrorStream()) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    tell(line);
                } else if (b != '\r' && line.size() < LONGEST_LINE) {
                    line.write(b);
                }
            }
        } catch (IOException e) {
            // It has ended, and has nothing more to say.
        }
        tell(line);
    }

    private void tell(ByteArrayOutputStream line) {
        if (line.size() > 0) {
            said.accept(Escaped.of(line.toByteArray()));
            line.reset();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Of one that has ended. */
    public int exitCode() {
        return process.exitValue();
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
            if (ends()) {
                // Whatever it has left behind may hold its standard error open.
                errors.join(patience.toMillis());
                ended.accept(process.exitValue());
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
        Thread.ofPlatform().daemon().name("command end").start(() -> {
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
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
