package dev.ninetunnel.queue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Which of what waits is next. What is small goes first, in order of arrival. Bulk goes in turn by bytes: over clients, and for
 * each client over its flows. Of one flow the order stays.
 *
 * <p>The turns are those of start-time fair queueing (Goyal, Vin and Cheng, 1996): each client and each flow has a clock that
 * counts the bytes it has sent, and the one whose clock is furthest behind is next. A newcomer starts at the time of the one
 * that was served last, so that keeping quiet saves up no turns.
 *
 * <p>Bulk that has waited longer than the first small one gets a turn after {@value #MOST_BEFORE_BULK} bytes of small ones. For
 * one thread; nothing is allocated while the number of flows that wait stays below {@value #SPARE}.
 *
 * @param <T> what waits
 */
public final class FairScheduler<T> {
    /** Bytes of small frames in a row, while older bulk waits. */
    public static final int MOST_BEFORE_BULK = 256 << 10;
    private static final int SPARE = 64;

    private static final class Client<T> implements Comparable<Client<T>> {
        Object key;
        /** Those that wait, and how many there are with those that hold nothing for now. */
        final PriorityQueue<Flow<T>> flows = new PriorityQueue<>(2);
        int flowCount;
        long clock;
        /** The clock of the flow that was served last, before that turn. */
        long served;

        @Override
        public int compareTo(Client<T> other) {
            return Long.compare(clock, other.clock);
        }
    }

    /** Bulk that stays in order. It takes turns while it holds any. */
    static final class Flow<T> implements Comparable<Flow<T>> {
        private final QueuedList<T> items = new QueuedList<>();
        /** The fids that lead here. */
        private int[] fids = new int[2];
        private int fidCount;
        private Client<T> client;
        private FlowsByFid<T> index;
        private long clock;
        /** Whether an item that is taken holds its place until {@link FairScheduler#settle}. */
        private boolean leaving;

        void addFid(int fid) {
            if (fidCount == fids.length) {
                fids = Arrays.copyOf(fids, 2 * fidCount);
            }
            fids[fidCount++] = fid;
        }

        int fidCount() {
            return fidCount;
        }

        int fid(int index) {
            return fids[index];
        }

        @Override
        public int compareTo(Flow<T> other) {
            return Long.compare(clock, other.clock);
        }
    }

    private final QueuedList<T> small = new QueuedList<>();
    private final PriorityQueue<Client<T>> clients = new PriorityQueue<>(2);
    private final IdentityHashMap<Object, Client<T>> byKey = new IdentityHashMap<>(2);
    private final ArrayDeque<Flow<T>> spareFlows = new ArrayDeque<>(0);
    private final ArrayDeque<Client<T>> spareClients = new ArrayDeque<>(0);
    /** The clock of the client that was served last, before that turn. */
    private long served;
    private int smallInARow;
    private long stamps;

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return small.isEmpty() && clients.isEmpty();
    }

    boolean hasSmall() {
        return !small.isEmpty();
    }

    /** Takes something in, as small if the flow is null. */
    void add(Queued<T> queued, int cost, Flow<T> flow) {
        queued.stamp = stamps++;
        queued.cost = cost;
        if (flow == null) {
            small.add(queued);
        } else {
            add(flow, queued);
        }
    }

    /** What is next; null if nothing waits. */
    public Queued<T> peek() {
        if (small.isEmpty()) {
            return clients.isEmpty() ? null : firstBulk();
        }
        return !clients.isEmpty() && isBulkDue() && firstBulk().stamp < small.peek().stamp ? firstBulk() : small.peek();
    }

    /** Whether as many small ones have gone as may go before bulk that waits. */
    boolean isBulkDue() {
        return smallInARow >= MOST_BEFORE_BULK;
    }

    /** A part of bulk goes that has been taken already. */
    void bulkGoes() {
        smallInARow = 0;
    }

    /** The first small one goes. One waits. */
    T takeSmall(boolean bulkWaits) {
        Queued<T> first = small.peek();
        small.remove(first);
        smallInARow = bulkWaits || !clients.isEmpty() ? smallInARow + first.cost : 0;
        return first.item();
    }

    /** What {@link #peek} says is next goes. What must not overtake it keeps queueing behind it until {@link #settle}. */
    void take(Queued<T> next) {
        Flow<T> flow = next.flow;
        if (flow == null) {
            takeSmall(false);
            return;
        }
        smallInARow = 0;
        Client<T> client = clients.remove();
        client.flows.remove();
        served = client.clock;
        client.served = flow.clock;
        client.clock += next.cost;
        flow.clock += next.cost;
        flow.items.remove(next);
        flow.leaving = true;
        if (!flow.items.isEmpty()) {
            client.flows.add(flow);
        }
        if (!client.flows.isEmpty()) {
            clients.add(client);
        }
    }

    /** What was taken has gone, or never will. */
    void settle(Queued<T> taken) {
        Flow<T> flow = taken.flow;
        if (flow != null) {
            taken.flow = null;
            flow.leaving = false;
            if (flow.items.isEmpty()) {
                retire(flow);
            }
        }
    }

    /** What {@link #peek} says is next goes, and holds nothing back any more. */
    public void remove(Queued<T> next) {
        take(next);
        settle(next);
    }

    /** It waits no more, wherever it stands. */
    public void drop(Queued<T> queued) {
        Flow<T> flow = queued.flow;
        if (flow == null) {
            small.remove(queued);
            return;
        }
        flow.items.remove(queued);
        queued.flow = null;
        if (flow.items.isEmpty()) {
            withdraw(flow);
            if (!flow.leaving) {
                retire(flow);
            }
        }
    }

    /** Hands out all that waits, in no order. Nothing waits afterwards. */
    void clear(Consumer<T> last) {
        small.forEach(last);
        clients.forEach(client -> client.flows.forEach(flow -> flow.items.forEach(last)));
        while (small.poll() != null) {
            // each is free to wait elsewhere
        }
        clients.clear();
        byKey.clear();
    }

    // ---- flows

    /** A flow of this client, told by identity, which takes turns as soon as something is added to it. */
    Flow<T> newFlow(Object client, FlowsByFid<T> index) {
        Flow<T> flow = spareFlows.isEmpty() ? new Flow<>() : spareFlows.pop();
        flow.client = client(client);
        flow.client.flowCount++;
        flow.clock = flow.client.served;
        flow.index = index;
        return flow;
    }

    private Client<T> client(Object key) {
        Client<T> client = byKey.get(key);
        if (client == null) {
            client = spareClients.isEmpty() ? new Client<>() : spareClients.pop();
            client.key = key;
            client.clock = served;
            client.served = 0;
            byKey.put(key, client);
        }
        return client;
    }

    /** What waits in the second waits in the first from here on, behind what is there. */
    void join(Flow<T> into, Flow<T> from) {
        withdraw(from);
        for (Queued<T> queued = from.items.peek(); queued != null; queued = from.items.peek()) {
            from.items.remove(queued);
            add(into, queued);
        }
        from.fidCount = 0;
        if (!from.leaving) {
            recycle(from);
        }
    }

    private Queued<T> firstBulk() {
        return clients.peek().flows.peek().items.peek();
    }

    private void add(Flow<T> flow, Queued<T> queued) {
        boolean first = flow.items.isEmpty();
        queued.flow = flow;
        flow.items.add(queued);
        if (first) {
            Client<T> client = flow.client;
            client.flows.add(flow);
            if (client.flows.size() == 1) {
                clients.add(client);
            }
        }
    }

    private void withdraw(Flow<T> flow) {
        Client<T> client = flow.client;
        client.flows.remove(flow);
        if (client.flows.isEmpty()) {
            clients.remove(client);
        }
    }

    private void retire(Flow<T> flow) {
        flow.index.forget(flow);
        recycle(flow);
    }

    private void recycle(Flow<T> flow) {
        Client<T> client = flow.client;
        flow.fidCount = 0;
        flow.client = null;
        flow.index = null;
        if (spareFlows.size() < SPARE) {
            spareFlows.push(flow);
        }
        client.flowCount--;
        if (client.flowCount == 0) {
            byKey.remove(client.key);
            client.key = null;
            if (spareClients.size() < SPARE) {
                spareClients.push(client);
            }
        }
    }
}
