package dev.ninetunnel.mux;

import dev.ninetunnel.wire.MessageType;
import java.util.ArrayDeque;

/** Requests that are over, to be used again. Belongs to the loop of the client role. */
final class RequestPool {
    private static final int KEPT = 4096;

    private final ArrayDeque<Request> spare = new ArrayDeque<>();

    Request take(MessageType type) {
        Request request = spare.isEmpty() ? new Request() : spare.pop();
        request.type = type;
        return request;
    }

    /** The request is over and nothing names it any more. */
    void give(Request request) {
        if (request.queued.isWaiting() || !request.flushes.isEmpty() || request.frame != null) {
            throw new IllegalStateException("a request that is not over: " + request.type);
        }
        request.clear();
        if (spare.size() < KEPT) {
            spare.push(request);
        }
    }
}
