package dev.ninetunnel.mux;

import dev.ninetunnel.link.FairQueue;
import dev.ninetunnel.wire.Frame;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The requests of one local client that wait to be sent, and which of them is next. A client may be a kernel with many
 * processes behind it, so that what one of them copies must not hold up the others: small requests go before bulk, in the
 * order in which they came, and bulk goes in turn by bytes over fids. Bulk is what is large itself or asks for a large reply.
 *
 * <p>Two requests that name a common fid never change places: a small one waits behind bulk on one of its fids, and from then
 * on what comes later on its other fid does, too. Belongs to the loop of the client role.
 */
final class Waiting {
    /** So many bytes of small requests, with their replies, go in a row where older bulk waits. */
    static final int MOST_BEFORE_BULK = 256 << 10;

    /** Requests that stay in order. It waits for its turn whenever it holds any; its clock runs by bytes. */
    static final class Flow implements Comparable<Flow> {
        private final RequestList requests = new RequestList();
        /** The fids whose requests have to queue here: an array, so that a number is no object. */
        private int[] fids = new int[2];
        private int fidCount;
        private long clock;

        private void addFid(int fid) {
            if (fidCount == fids.length) {
                fids = Arrays.copyOf(fids, 2 * fidCount);
            }
            fids[fidCount++] = fid;
        }

        @Override
        public int compareTo(Flow other) {
            return Long.compare(clock, other.clock);
        }
    }

    private final RequestList small = new RequestList();
    private final PriorityQueue<Flow> bulk = new PriorityQueue<>(2);
    private final IntObjectHashMap<Flow> byFid = new IntObjectHashMap<>(4);
    private final ArrayDeque<Flow> spare = new ArrayDeque<>(0);
    /** When the flow that was served last began: who comes anew begins there, and has saved up no turns. */
    private long served;
    private int smallInARow;
    private long stamps;

    boolean isEmpty() {
        return small.isEmpty() && bulk.isEmpty();
    }

    /** Whether the request is large, or asks for much. */
    static boolean isBulk(Request request) {
        return Math.max(request.expected, request.frame.readableBytes()) > FairQueue.SMALL;
    }

    /** Takes a request that has been measured. */
    void add(Request request) {
        request.stamp = stamps++;
        Flow flow = byFid.isEmpty() ? null : flowOfFids(request);
        if (flow == null && isBulk(request)) {
            flow = spare.isEmpty() ? new Flow() : spare.pop();
            flow.clock = served;
        }
        if (flow == null) {
            small.add(request);
        } else {
            add(flow, request);
        }
    }

    /** Whose turn it is, or null. */
    Request next() {
        return isBulksTurn() ? bulk.element().requests.peek() : small.peek();
    }

    /** Bulk never goes before a small request that has waited longer: that may name the same fid. */
    private boolean isBulksTurn() {
        if (small.isEmpty() || bulk.isEmpty()) {
            return small.isEmpty() && !bulk.isEmpty();
        }
        return smallInARow >= MOST_BEFORE_BULK && bulk.element().requests.peek().stamp < small.peek().stamp;
    }

    /** The request that is {@link #next} goes. */
    void take(Request request) {
        if (request.flow == null) {
            small.remove(request);
            smallInARow = bulk.isEmpty() ? 0 : smallInARow + request.cost;
            return;
        }
        smallInARow = 0;
        Flow flow = bulk.remove();
        served = flow.clock;
        flow.clock += request.cost;
        flow.requests.remove(request);
        request.flow = null;
        if (flow.requests.isEmpty()) {
            forget(flow);
        } else {
            bulk.add(flow);
        }
    }

    /** A request that waits, wherever it stands, does so no more. */
    void drop(Request request) {
        Flow flow = request.flow;
        if (flow == null) {
            small.remove(request);
            return;
        }
        flow.requests.remove(request);
        request.flow = null;
        if (flow.requests.isEmpty()) {
            bulk.remove(flow);
            forget(flow);
        }
    }

    // ---- flows

    private void add(Flow flow, Request request) {
        request.flow = flow;
        flow.requests.add(request);
        if (flow.requests.size() == 1) {
            bulk.add(flow);
        }
        for (int i = 0; i < request.type.fidCount(); i++) {
            bind(fid(request, i), flow);
        }
    }

    private Flow flowOfFids(Request request) {
        Flow found = null;
        for (int i = 0; i < request.type.fidCount(); i++) {
            Flow flow = byFid.get(fid(request, i));
            if (found != null && flow != null && flow != found) {
                join(found, flow);
            } else if (flow != null) {
                found = flow;
            }
        }
        return found;
    }

    /** What waits in the second waits in the first from here on, behind what is there. */
    private void join(Flow into, Flow from) {
        bulk.remove(from);
        for (Request request = from.requests.poll(); request != null; request = from.requests.poll()) {
            request.flow = into;
            into.requests.add(request);
        }
        for (int i = 0; i < from.fidCount; i++) {
            bind(from.fids[i], into);
        }
        from.fidCount = 0;
        spare.push(from);
    }

    private void bind(int fid, Flow flow) {
        if (fid != Frame.NOFID && byFid.put(fid, flow) != flow) {
            flow.addFid(fid);
        }
    }

    private void forget(Flow flow) {
        for (int i = 0; i < flow.fidCount; i++) {
            byFid.remove(flow.fids[i]);
        }
        flow.fidCount = 0;
        spare.push(flow);
    }

    private static int fid(Request request, int index) {
        return Frame.int32(request.frame, request.type.fid(index).in(request.frame));
    }
}
