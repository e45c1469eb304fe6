package dev.ninetunnel.mux;

import dev.ninetunnel.queue.QueuedList;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;

/**
 * The Tflush that are with the far side, and for how long it has answered none. Every 9P server answers Tflush, however busy
 * it is with what is to be flushed (flush(5)). One that answers in order may have to answer much else first: a reply to a request that
 * was sent before the oldest Tflush is as good as an answer. Belongs to the loop of the client role.
 */
final class OpenFlushes {
    private final Ticker ticker;
    private final QueuedList<Request> open = new QueuedList<>();
    private long since;

    OpenFlushes(Ticker ticker) {
        this.ticker = ticker;
    }

    void sent(Request flush) {
        if (open.isEmpty()) {
            restart();
        }
        open.add(flush.queued);
    }

    void answered(Request flush) {
        open.remove(flush.queued);
        restart();
    }

    /** Something else has been answered. */
    void replied(Request request) {
        Request oldest = open.first();
        if (oldest != null && request.number < oldest.number) {
            restart();
        }
    }

    /** The time begins now: before, there was no link over which an answer could have come. */
    void restart() {
        since = ticker.nanoTime();
    }

    /** For how long the far side has answered none; zero if none is open. */
    Duration unanswered() {
        return open.isEmpty() ? Duration.ZERO : Duration.ofNanos(ticker.nanoTime() - since);
    }
}
