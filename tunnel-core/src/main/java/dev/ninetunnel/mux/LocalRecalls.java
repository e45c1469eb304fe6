package dev.ninetunnel.mux;

import dev.ninetunnel.cache.loan.LeaseRecalls;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.NumberMap;
import dev.ninetunnel.wire.message.Tbreak;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What one local client is asked to give up, and has not yet: requests of this endpoint to the client, with tags of their own. A client
 * that does not answer while what it was granted may be good is cut. Belongs to the loop of the client role.
 */
final class LocalRecalls implements LeaseRecalls {
    private static final int SIZE = Frame.HEADER + 9;

    private final ClientOutput client;
    private final Duration patience;
    private final NumberMap<Open> open = new NumberMap<>();
    private int next;

    private record Open(Runnable givenUp, Future<?> limit) {}

    /** @param patience for how long what the client is granted may be good */
    LocalRecalls(ClientOutput client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    @Override
    public void recall(long lease, int kinds, Runnable givenUp) {
        while (open.containsKey(next)) {
            next = (next + 1) % Frame.NOTAG;
        }
        open.put(next, new Open(givenUp,
                client.loop().schedule(this::tired, patience.toNanos(), TimeUnit.NANOSECONDS)));
        ByteBuf frame = client.alloc().buffer(SIZE);
        new Tbreak(lease, kinds).write(frame, next);
        next = (next + 1) % Frame.NOTAG;
        client.write(frame);
    }

    private void tired() {
        if (!client.isClosed()) {
            client.log().warn("A local client has not given up a lease within " + patience.toMillis()
                    + " ms: its connection is closed");
            client.cut();
        }
    }

    /** The client has answered. One that answers what it was not asked is told nothing. */
    void answered(int tag) {
        Open answered = open.remove(tag);
        if (answered != null) {
            answered.limit.cancel(false);
            answered.givenUp.run();
        }
    }

    /** The client has left. */
    void left() {
        open.values().forEach(one -> one.limit.cancel(false));
        open.clear();
    }
}
