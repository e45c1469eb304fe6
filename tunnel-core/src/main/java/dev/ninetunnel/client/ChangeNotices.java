package dev.ninetunnel.client;

import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Twant;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Hears when something changes that was looked at in a conversation: leases are wanted with each listing and each status
 * (docs/protocol.md, "Leases"), and given back at once when the server asks for them. Which file it was is not told. Where the
 * server grants none, nothing is heard. Any thread.
 */
public final class ChangeNotices {
    private static final int MOST_PAUSES = 25;

    private final Semaphore told = new Semaphore(0);
    private volatile boolean granting;
    private volatile boolean covered;
    private volatile boolean over = true;
    /** The conversation that has begun last. Nothing that was looked at in an earlier one matters any more. */
    private NineClient heard;

    /** The requests of a conversation that has just begun, and of none before. */
    Rpc over(NineClient client) {
        begin(client);
        if (!granting) {
            return client;
        }
        client.hearRecalls(new NineClient.Recalls() {
            @Override
            public void recalled(long lease, int lost, Runnable givenUp) {
                tell(client, false);
                givenUp.run();
            }

            @Override
            public void lost() {
                tell(client, true);
            }
        });
        return new Wanting(client);
    }

    private synchronized void begin(NineClient client) {
        heard = client;
        over = false;
        granting = !client.lease().isZero();
    }

    /** An earlier conversation may tell of its end after the next has begun. */
    private synchronized void tell(NineClient by, boolean isEnd) {
        if (by == heard) {
            over = over || isEnd;
            told.release();
        }
    }

    private final class Wanting implements Rpc {
        private final Rpc rpc;

        private Wanting(Rpc rpc) {
            this.rpc = rpc;
        }

        @Override
        public <R> CompletableFuture<R> send(Tmessage request, Function<Rmessage, R> use) {
            int want = switch (request) {
                case Tgetattr _ -> LeaseKinds.ATTRIBUTES;
                case Treaddir _ -> LeaseKinds.NAMES;
                default -> 0;
            };
            return want == 0
                    ? rpc.send(request, use)
                    : rpc.send(new Twant(want, request), reply -> use.apply(plain(reply, want)));
        }

        private Rmessage plain(Rmessage reply, int want) {
            if (!(reply instanceof Rgranted(int got, long _, Rmessage answer))) {
                covered = false;
                return reply;
            }
            if (got != want) {
                covered = false;
            }
            return RefusedException.unlessError(answer);
        }
    }

    /** From now on all is looked at (again). Changes that were told of before do not count any more. */
    public void begin() {
        told.drainPermits();
        covered = true;
    }

    /** Whether the conversation has ended, and nothing is heard any more. */
    public boolean isOver() {
        return over;
    }

    /**
     * Waits until something has changed, or the conversation ends. Changes that follow each other by less than a pause are one.
     *
     * @param most for how long at most
     * @param uncovered the same, where not all that was looked at is told of
     * @return whether anything was told
     */
    public boolean await(Duration most, Duration uncovered, Duration pause) throws InterruptedException {
        Duration limit = granting && covered ? most : uncovered;
        if (!told.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        for (int i = 0; i < MOST_PAUSES && told.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS); i++) {
            told.drainPermits();
        }
        return true;
    }
}
