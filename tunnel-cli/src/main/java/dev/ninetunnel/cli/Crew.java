package dev.ninetunnel.cli;

import java.util.concurrent.Semaphore;

/**
 * A few hands that share the work on many files, so that a long way to the peer is waited for once and not once a file.
 * Whoever hands out work does it himself when all hands are full: so nothing queues up, and nobody waits for a hand
 * that waits for him.
 */
final class Crew {
    /** Enough to hide the way to the peer, and few enough for any server. */
    static final int USUAL = 16;

    private final Semaphore free;

    Crew(int hands) {
        this.free = new Semaphore(hands);
    }

    /** Work that is waited for together. */
    Batch batch() {
        return new Batch();
    }

    /** Used by the thread that hands out; it must {@link #await} in the end. */
    final class Batch {
        private int underWay;
        private Throwable fault;

        /** Has the work done, by another hand or, when this returns only after it, by the caller's. */
        void run(Runnable work) {
            if (!free.tryAcquire()) {
                work.run();
                return;
            }
            synchronized (this) {
                underWay++;
            }
            Thread.ofVirtual().start(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    failed(e);
                } finally {
                    free.release();
                    ended();
                }
            });
        }

        private synchronized void failed(Throwable e) {
            if (fault == null) {
                fault = e;
            }
        }

        private synchronized void ended() {
            underWay--;
            notifyAll();
        }

        /** Waits until all of it is done. What a hand threw is thrown here. */
        synchronized void await() {
            boolean interrupted = false;
            while (underWay > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            switch (fault) {
                case null -> {}
                case Error error -> throw error;
                default -> throw new IllegalStateException(fault.getMessage(), fault);
            }
        }
    }
}
