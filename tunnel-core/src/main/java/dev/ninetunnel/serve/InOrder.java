package dev.ninetunnel.serve;

import java.util.ArrayDeque;

/**
 * Work that is done one piece after the other, in the order in which it is handed in. A worker that has done a piece goes on
 * with the next at once if there is one, instead of the loop waking another. Any thread.
 */
final class InOrder {
    /** After so many pieces others who wait for a worker have their turn. */
    private static final int IN_ONE_GO = 16;

    private final Workers workers;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    InOrder(Workers workers) {
        this.workers = workers;
    }

    void execute(Runnable work) {
        synchronized (this) {
            waiting.add(work);
            if (busy) {
                return;
            }
            busy = true;
        }
        workers.execute(this::run);
    }

    private void run() {
        for (int i = 0; i < IN_ONE_GO; i++) {
            Runnable work = next();
            if (work == null) {
                return;
            }
            work.run();
        }
        workers.execute(this::run);
    }

    private synchronized Runnable next() {
        Runnable work = waiting.poll();
        busy = work != null;
        return work;
    }
}
