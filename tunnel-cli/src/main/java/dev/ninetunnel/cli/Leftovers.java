package dev.ninetunnel.cli;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Half-written files under temporary names, to be removed when the process is asked to leave in the middle of a copy.
 * May be used by several threads.
 */
final class Leftovers implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 2000;

    private final Set<Leftover> all = ConcurrentHashMap.newKeySet();
    private final Thread hook = Thread.ofPlatform().name("tidying").unstarted(this::tidy);

    Leftovers() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes a half-written file away. */
    @FunctionalInterface
    interface Removal {
        void run() throws IOException;
    }

    /** From now on there is such a file, until this is closed. */
    Leftover expect(Removal removal) {
        Leftover leftover = new Leftover(removal);
        all.add(leftover);
        return leftover;
    }

    /** A file that may have to be removed. Closing it removes it, unless it was {@link #kept}. */
    final class Leftover implements AutoCloseable {
        private final Removal removal;
        private boolean kept;

        private Leftover(Removal removal) {
            this.removal = removal;
        }

        /** It is whole, and has its final name. */
        void kept() {
            kept = true;
        }

        @Override
        public void close() {
            all.remove(this);
            if (!kept) {
                remove();
            }
        }

        private void remove() {
            try {
                removal.run();
            } catch (IOException _) {
                // It may never have been made; and what went wrong first is what the user must hear of.
            }
        }
    }

    /** Removal on the far side may take for ever, leaving may not. */
    private void tidy() {
        Thread removing = Thread.ofPlatform().daemon().start(() -> all.forEach(Leftover::remove));
        try {
            removing.join(PATIENCE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException leavingAlready) {
            // The hook is at work.
        }
    }
}
