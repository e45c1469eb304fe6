package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Descriptors;
import java.util.concurrent.Semaphore;

/**
 * A few hands that share the work on many files, so that a long way to the peer is waited for once and not once a file.
 *
 * <p>Work on one file, which waits for no other work, is handed out as soon as a hand is free. Work that hands out more
 * and waits for it, such as a directory, has hands of its own; when they are full, the thread that hands it out does it itself.
 * So nothing queues up, and no two threads wait for each other.
 */
public final class WorkerPool {
    /** Enough to hide the way to the peer, and few enough for any server. */
    private static final int USUAL = 32;

    /** A hand for files has two, one for directories one, and directories that are gone through by their maker some more. */
    private static final int OF_A_HAND = 4;
    /** For classes, sockets and the like. */
    private static final int RESERVED = 12;

    private final Semaphore freeForFiles;
    private final Semaphore freeForTrees;

    public WorkerPool() {
        this(USUAL);
    }

    /** With as many hands as there are descriptors for. */
    static WorkerPool forDescriptors() {
        long free = Descriptors.free() - RESERVED;
        return new WorkerPool(Math.clamp(free / OF_A_HAND, 1, USUAL));
    }

    WorkerPool(int hands) {
        this.freeForFiles = new Semaphore(hands);
        this.freeForTrees = new Semaphore(hands);
    }

    /** Work that is waited for together. */
    public Batch batch() {
        return new Batch();
    }

    /** Used by the thread that hands out; it must {@link #await} in the end. */
    public final class Batch {
        private int underWay;
        private Throwable fault;

        /** Has work done that waits for no other work of the crew, when a hand is free for it. */
        public void file(Runnable work) {
            freeForFiles.acquireUninterruptibly();
            start(work, freeForFiles);
        }

        /** Has work done that may hand out more: by another hand, or by the caller before this returns. */
        public void tree(Runnable work) {
            if (freeForTrees.tryAcquire()) {
                start(work, freeForTrees);
            } else {
                work.run();
            }
        }

        private void start(Runnable work, Semaphore hands) {
            synchronized (this) {
                underWay++;
            }
            Thread.ofVirtual().start(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    failed(e);
                } finally {
                    hands.release();
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
        public synchronized void await() {
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
