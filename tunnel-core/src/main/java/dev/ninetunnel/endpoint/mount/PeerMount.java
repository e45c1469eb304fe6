package dev.ninetunnel.endpoint.mount;

import dev.ninetunnel.link.dial.Backoff;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a peer's files mounted: begins when the peer is linked, goes on through lost links, and begins again when the process behind
 * the mount has ended, unless it was unmounted. Any thread; a thread of its own waits for the process.
 */
final class PeerMount {
    private static final Logger LOG = LoggerFactory.getLogger(PeerMount.class);
    /** How often it looks whether the peer is linked. */
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Backoff BACKOFF = new Backoff(0, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(1));
    /** After what time a process that does not end is killed. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final String peer;
    private final MountConfig config;
    private final List<String> command;
    private final BooleanSupplier linked;
    private final Thread thread;
    private volatile MountState state = new MountState.AwaitsLink();
    private volatile long triesAt;
    private Process process;
    private boolean ended;

    /**
     * Begins to keep it.
     *
     * @param command see {@link MountProgram}
     * @param linked whether the peer is there
     */
    PeerMount(String peer, MountConfig config, List<String> command, BooleanSupplier linked) {
        this.peer = peer;
        this.config = config;
        this.command = command;
        this.linked = linked;
        this.thread = Thread.ofVirtual().name("mount of " + peer).unstarted(this::keep);
    }

    void start() {
        thread.start();
    }

    MountConfig config() {
        return config;
    }

    MountState state() {
        return state instanceof MountState.Failed(String reason, Duration _)
                ? new MountState.Failed(reason, Duration.ofNanos(Math.max(0, triesAt - System.nanoTime())))
                : state;
    }

    private void keep() {
        int failures = 0;
        String told = "";
        while (awaitLink()) {
            state = new MountState.Begins();
            String fault = run();
            if (isEnded()) {
                return;
            }
            if (fault.isEmpty()) {
                state = new MountState.Unmounted();
                LOG.info("{} was unmounted; 'ninetunnel reload' mounts it again", config.directory());
                return;
            }
            if (!fault.equals(told)) {
                LOG.warn("the files of {} are not at {} now, and it is tried again: {}", peer, config.directory(),
                        fault);
                told = fault;
            }
            failures++;
            Duration wait = BACKOFF.before(failures, RandomGenerator.getDefault());
            triesAt = System.nanoTime() + wait.toNanos();
            state = new MountState.Failed(fault, wait);
            pause(wait);
        }
    }

    /** Whether there is something to mount, and not the end. */
    private boolean awaitLink() {
        while (!isEnded()) {
            if (linked.getAsBoolean()) {
                return true;
            }
            state = new MountState.AwaitsLink();
            pause(LOOK);
        }
        return false;
    }

    /** Why the mount has ended; empty if it was unmounted. */
    private String run() {
        Process begun;
        try {
            begun = begin();
        } catch (IOException e) {
            return e.getMessage();
        }
        AtomicReference<String> said = new AtomicReference<>("");
        Thread sayings = Thread.ofVirtual().name("sayings of the mount of " + peer).start(() -> tell(begun, said));
        try (BufferedReader out = begun.inputReader(StandardCharsets.UTF_8)) {
            if (out.readLine() != null) {
                state = new MountState.Mounted();
                LOG.info("the files of {} are at {}", peer, config.directory());
            }
            int code = begun.waitFor();
            sayings.join();
            return code == 0 ? "" : said.get().isEmpty() ? "its process has ended with " + code : said.get();
        } catch (IOException | InterruptedException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private synchronized Process begin() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.environment().remove("NOTIFY_SOCKET"); // the service is the endpoint
        process = builder.start();
        if (ended) {
            process.destroy();
        }
        return process;
    }

    private void tell(Process begun, AtomicReference<String> said) {
        try (BufferedReader lines = begun.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (state instanceof MountState.Mounted) {
                    LOG.warn("the mount at {}: {}", config.directory(), line);
                }
                said.set(line.replaceFirst("^ninetunnel: ", ""));
            }
        } catch (IOException e) {
            LOG.debug("the mount at {} says no more", config.directory(), e);
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private synchronized void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toMillis(); left > 0
                    && !ended; left = Duration.ofNanos(until - System.nanoTime()).toMillis()) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has it unmounted, for good. */
    synchronized void end() {
        ended = true;
        notifyAll();
        if (process != null) {
            process.destroy();
        }
    }

    /** Waits for that. */
    void awaitEnd() throws InterruptedException {
        if (thread.join(GRACE)) {
            return;
        }
        LOG.warn("the process behind {} does not end, and is killed", config.directory());
        synchronized (this) {
            if (process != null) {
                process.destroyForcibly().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
