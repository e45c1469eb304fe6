package dev.ninetunnel.link;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Bulk that waits, in turn by bytes: first over clients, and for each client over its flows.
 *
 * <p>The turns are those of start-time fair queueing (Goyal, Vin and Cheng, 1996): each has a clock that runs by the bytes
 * which it has sent, and the one whose clock is furthest behind is next. Who comes anew begins at the time of the one that was
 * served last, so that nobody saves up turns by keeping quiet.
 */
final class Turns {
    /** A frame that waits, and the how-manieth of all it was. */
    record Item(ByteBuf frame, long stamp) {}

    /** Those who take turns: a client, and below it a flow. */
    abstract static sealed class Party implements Comparable<Party> permits Client, Flow {
        long clock;

        @Override
        public int compareTo(Party other) {
            return Long.compare(clock, other.clock);
        }
    }

    static final class Client extends Party {
        final Object key;
        final PriorityQueue<Flow> flows = new PriorityQueue<>(2);
        /** When the flow that was served last began. */
        long served;

        Client(Object key, long clock) {
            this.key = key;
            this.clock = clock;
        }
    }

    /** Frames that stay in order. It waits for its turn whenever it holds any. */
    static final class Flow extends Party {
        final ArrayDeque<Item> items = new ArrayDeque<>(4);
        /** The fids whose requests have to queue here. */
        final List<Integer> fids = new ArrayList<>(2);
        private final Client client;

        private Flow(Client client) {
            this.client = client;
            this.clock = client.served;
        }
    }

    private final PriorityQueue<Client> clients = new PriorityQueue<>();
    private final IdentityHashMap<Object, Client> byKey = new IdentityHashMap<>();
    /** When the client that was served last began. */
    private long served;

    boolean isEmpty() {
        return clients.isEmpty();
    }

    /** A flow of this client, which waits as soon as something is added to it. */
    Flow newFlow(Object client) {
        return new Flow(byKey.computeIfAbsent(client, key -> new Client(key, served)));
    }

    void add(Flow flow, Item item) {
        flow.items.add(item);
        if (flow.items.size() == 1) {
            Client client = flow.client;
            client.flows.add(flow);
            if (client.flows.size() == 1) {
                clients.add(client);
                // It may have been forgotten while the flow held nothing.
                byKey.putIfAbsent(client.key, client);
            }
        }
    }

    /** Whose turn it is; somebody waits. */
    Flow peek() {
        return clients.element().flows.element();
    }

    /** The next frame, which leaves. Somebody waits. */
    ByteBuf next() {
        Client client = clients.remove();
        Flow flow = client.flows.remove();
        ByteBuf frame = flow.items.remove().frame;
        served = client.clock;
        client.served = flow.clock;
        client.clock += frame.readableBytes();
        flow.clock += frame.readableBytes();
        if (!flow.items.isEmpty()) {
            client.flows.add(flow);
        }
        if (client.flows.isEmpty()) {
            byKey.remove(client.key, client);
        } else {
            clients.add(client);
        }
        return frame;
    }

    /** The flow takes no more turns: nothing is left in it, or what is left waits elsewhere. */
    void withdraw(Flow flow) {
        flow.client.flows.remove(flow);
        if (flow.client.flows.isEmpty()) {
            clients.remove(flow.client);
            byKey.remove(flow.client.key, flow.client);
        }
    }

    /** Drops all that waits. */
    void release() {
        clients.forEach(client -> client.flows.forEach(flow -> flow.items.forEach(item -> item.frame.release())));
        clients.clear();
        byKey.clear();
    }
}
