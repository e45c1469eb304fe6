package dev.ninetunnel.queue;

import dev.ninetunnel.queue.FairScheduler.Flow;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import io.netty.buffer.ByteBuf;

/**
 * In which flow of bulk a frame has to queue because of the fids that it names: two that name a common fid never change places. A
 * small one waits behind bulk on one of its fids, and from then on what comes later on its other fid does, too. For one thread.
 *
 * @param <T> what waits
 */
public final class FlowsByFid<T> {
    private final FairScheduler<T> scheduler;
    private final NumberMap<Flow<T>> flows = new NumberMap<>();

    /** Of a scheduler, in which there may be several such. */
    public FlowsByFid(FairScheduler<T> scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Has a request wait: behind what names one of its fids, or as bulk if it is, else as small.
     *
     * @param client whose turn it takes, told by identity
     * @param cost of its turn, in bytes
     */
    public void add(Queued<T> queued, ByteBuf request, MessageType type, Object client, int cost, boolean bulk) {
        Flow<T> flow = flows.isEmpty() ? null : flowOf(request, type);
        if (flow == null && bulk) {
            flow = scheduler.newFlow(client, this);
        }
        add(queued, request, type, cost, flow);
    }

    /** Has a request wait in a flow, or as small if that is null. */
    void add(Queued<T> queued, ByteBuf request, MessageType type, int cost, Flow<T> flow) {
        scheduler.add(queued, cost, flow);
        if (flow != null) {
            for (int i = 0; i < type.fidCount(); i++) {
                bind(fid(request, type, i), flow);
            }
        }
    }

    /** Has bulk wait that is about one fid. */
    void add(Queued<T> queued, int fid, Object client, int cost) {
        Flow<T> flow = flows.get(fid);
        if (flow == null) {
            flow = scheduler.newFlow(client, this);
            flow.addFid(fid);
            flows.put(fid, flow);
        }
        scheduler.add(queued, cost, flow);
    }

    void forget(Flow<T> flow) {
        for (int i = 0; i < flow.fidCount(); i++) {
            flows.remove(flow.fid(i));
        }
    }

    void clear() {
        flows.clear();
    }

    private Flow<T> flowOf(ByteBuf request, MessageType type) {
        Flow<T> found = null;
        for (int i = 0; i < type.fidCount(); i++) {
            Flow<T> flow = flows.get(fid(request, type, i));
            if (found != null && flow != null && flow != found) {
                join(found, flow);
            } else if (flow != null) {
                found = flow;
            }
        }
        return found;
    }

    private void join(Flow<T> into, Flow<T> from) {
        for (int i = 0; i < from.fidCount(); i++) {
            bind(from.fid(i), into);
        }
        scheduler.join(into, from);
    }

    private void bind(int fid, Flow<T> flow) {
        if (fid != Frame.NOFID && flows.put(fid, flow) != flow) {
            flow.addFid(fid);
        }
    }

    private static int fid(ByteBuf request, MessageType type, int index) {
        return Frame.int32(request, type.fid(index).in(request));
    }
}
