package dev.ninetunnel.cli.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Half-written files under temporary names, to be removed when the process is asked to leave in the middle of a copy
 * (SIGINT, SIGTERM, SIGHUP). From then on no new one is begun. May be used by several threads.
 */
public final class TempFiles implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5000;
    private static final long PAUSE_MILLIS = 20;

    private final Runnable silence;
    private final Set<Leftover> all = ConcurrentHashMap.newKeySet();
    private final Thread hook = Thread.ofPlatform().name("tidying").unstarted(this::leave);
    private volatile boolean leaving;

    /**
     * Without any.
     *
     * @param silence run when the process is asked to leave: what fails from then on fails for that
     */
    TempFiles(Runnable silence) {
        this.silence = silence;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes a half-written file away. */
    @FunctionalInterface
    interface Removal {
        void run() throws IOException;
    }

    /** From now on there may be such a file, until this is closed. Never returns once the process is leaving. */
    Leftover expect(Removal removal) {
        Leftover leftover = new Leftover(removal);
        all.add(leftover);
        if (leaving) {
            all.remove(leftover);
            goOnUnlessLeaving();
        }
        return leftover;
    }

    /** Returns at once, or never once the process is leaving: the thread that fills such a file stops here. */
    void goOnUnlessLeaving() {
        while (leaving) {
            LockSupport.park(this);
        }
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
                isRemoved();
            }
        }

        /** Whether it was there, and has been taken away. */
        private boolean isRemoved() {
            try {
                removal.run();
                return true;
            } catch (IOException _) {
                // It may never have been made; and what went wrong first is what the user must hear of.
                return false;
            }
        }
    }

    /** Removes what there is; on the far side that may take for ever, and leaving may not. */
    public void leave() {
        leaving = true;
        silence.run();
        Thread removing = Thread.ofPlatform().daemon().start(this::removeAll);
        try {
            removing.join(PATIENCE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is not there yet may be just about to be made: it is tried again until it is gone, or its maker has given up. */
    private void removeAll() {
        while (!all.isEmpty()) {
            List<Thread> hands = new ArrayList<>();
            for (Leftover leftover : all) {
                hands.add(Thread.ofVirtual().start(() -> {
                    if (leftover.isRemoved()) {
                        all.remove(leftover);
                    }
                }));
            }
            try {
                for (Thread hand : hands) {
                    hand.join();
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
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
