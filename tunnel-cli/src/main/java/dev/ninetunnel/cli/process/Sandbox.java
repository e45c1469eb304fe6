package dev.ninetunnel.cli.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a command has set up and must not leave behind: processes, folders, files on a server. It goes in reverse order
 * when this is closed, or when the process is asked to leave by SIGTERM, SIGINT or SIGHUP. From then on nothing more is taken. Any
 * thread may call it.
 */
public final class Sandbox implements AutoCloseable {
    private final Deque<AutoCloseable> kept = new ArrayDeque<>();
    private final Thread hook = Thread.ofPlatform().name("leaving").unstarted(this::clear);
    private boolean closed;

    /** With nothing in it. */
    public Sandbox() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes something that is to be closed in the end; if that has begun, closes it at once and throws. */
    public synchronized <T extends AutoCloseable> T keep(T thing) throws IOException {
        if (closed) {
            close(thing);
            throw new IOException("it was stopped");
        }
        kept.push(thing);
        return thing;
    }

    private synchronized void clear() {
        closed = true;
        while (!kept.isEmpty()) {
            close(kept.pop());
        }
    }

    /** What cannot be cleared away must keep nothing else from going. */
    private static void close(AutoCloseable thing) {
        try {
            thing.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception _) {
            // A server that has gone keeps what was made on it; the next thing may still go.
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException leavingAlready) {
            // The hook has nothing left to do.
        }
    }
}
