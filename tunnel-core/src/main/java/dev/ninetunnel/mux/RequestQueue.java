package dev.ninetunnel.mux;

import dev.ninetunnel.queue.FairQueue;
import dev.ninetunnel.queue.FairScheduler;
import dev.ninetunnel.queue.FlowsByFid;
import dev.ninetunnel.queue.Queued;

/**
 * The requests of one local client that wait to be sent. A client may be a kernel with many processes, so that what one of them
 * copies must not hold up the others: a {@link FairScheduler} says which is next. Bulk is what is large itself or asks for a
 * large reply. Belongs to the loop of the client role.
 */
final class RequestQueue {
    private final FairScheduler<Request> scheduler = new FairScheduler<>();
    private final FlowsByFid<Request> byFid = new FlowsByFid<>(scheduler);

    boolean isEmpty() {
        return scheduler.isEmpty();
    }

    /** Whether the request is large, or asks for much. */
    static boolean isBulk(Request request) {
        return Math.max(request.expected, request.frame.readableBytes()) > FairQueue.SMALL;
    }

    /** Takes a request that has been measured. */
    void add(Request request) {
        byFid.add(request.queued, request.frame, request.type, this, request.cost, isBulk(request));
    }

    /** Whose turn it is, or null. */
    Request next() {
        Queued<Request> next = scheduler.peek();
        return next == null ? null : next.item();
    }

    /** The request that is {@link #next} goes. */
    void take(Request request) {
        scheduler.remove(request.queued);
    }

    /** A request that waits, wherever it stands, does so no more. */
    void drop(Request request) {
        scheduler.drop(request.queued);
    }
}
