package dev.ninetunnel.client;

import dev.ninetunnel.wire.Qid;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A fid that stands for a file on the server, to be used by one thread at a time. Closing it clunks it, unless a
 * Tremove has ended it.
 */
final class Fid implements AutoCloseable {
    private final RpcCalls rpcCalls;
    private final int number;
    private Qid qid;
    private boolean ended;

    Fid(RpcCalls rpcCalls, int number, Qid qid) {
        this.rpcCalls = rpcCalls;
        this.number = number;
        this.qid = qid;
    }

    int number() {
        return number;
    }

    Qid qid() {
        return qid;
    }

    /** It stands for another file from now on: the one that was walked to or made. */
    void nowIs(Qid other) {
        this.qid = other;
    }

    /** A Tremove ends it, whatever the answer is. */
    void ended() {
        ended = true;
    }

    /** Clunks it, and reports what the server says: an error of writing may show only now. */
    void clunk() throws IOException {
        if (!ended) {
            ended = true;
            rpcCalls.wait(() -> rpcCalls.calls().clunk(number));
        }
    }

    /** Clunks it, and waits for the answer, but no longer than this. */
    void closeWithin(Duration limit) {
        if (!ended) {
            ended = true;
            rpcCalls.calls().clunk(number).exceptionally(_ -> null)
                    .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS).join();
        }
    }

    /** Clunks it without asking what came of it. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            rpcCalls.calls().clunk(number);
        }
    }
}
