package dev.ninetunnel.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Notices that a server says nothing while an answer is awaited from it. On the event loop of its channel. */
final class Silence {
    private static final long LONG_MILLIS = 1_000;
    private static final long LOOK_MILLIS = 250;

    private final Runnable action;
    private EventLoop loop;
    private Future<?> looking;
    private long since;
    private boolean told;

    /** With what to do, once for each silence. */
    Silence(Runnable action) {
        this.action = action;
    }

    void begin(EventLoop on) {
        loop = on;
    }

    /** Something is asked. */
    void asked() {
        if (looking == null) {
            since = loop.ticker().nanoTime();
            looking = loop.scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Something has come.
     *
     * @param more whether more is awaited
     */
    void broken(boolean more) {
        since = loop.ticker().nanoTime();
        told = false;
        if (!more) {
            end();
        }
    }

    /** Nothing is awaited any more. */
    void end() {
        if (looking != null) {
            looking.cancel(false);
            looking = null;
        }
    }

    private void look() {
        if (!told && loop.ticker().nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS)) {
            told = true;
            action.run();
        }
    }
}
