package dev.ninetunnel.fuse.lease;

import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.Rpc;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Requests with whose replies leases are wanted. Any thread; nothing here waits.
 *
 * @param want a sum of {@link dev.ninetunnel.wire.LeaseKinds}
 * @param granted hears of a lease before its reply is looked at, also where that is an error
 */
public record LeasedRpc(Rpc rpc, KernelLeases leases, int want, Consumer<Grant> granted) implements Rpc {
    @Override
    public <R> CompletableFuture<R> send(Tmessage request, Function<Rmessage, R> use) {
        long asked = leases.now();
        return rpc.send(new Twant(want, request), reply -> use.apply(plain(reply, asked)));
    }

    private Rmessage plain(Rmessage reply, long asked) {
        if (!(reply instanceof Rgranted(int got, long lease, Rmessage told))) {
            return reply;
        }
        if (got != 0) {
            granted.accept(leases.granted(lease, got, asked));
        }
        return RefusedException.unlessError(told);
    }
}
