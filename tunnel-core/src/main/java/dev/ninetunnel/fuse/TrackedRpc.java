package dev.ninetunnel.fuse;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Rpc;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tremove;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Requests of 9P that belong to the request of the kernel for which they are sent, which can be interrupted as long as any is open.
 * What ends a fid is sent whatever becomes of that. Any thread.
 */
record TrackedRpc(NineClient client) implements Rpc {
    @Override
    public <R> CompletableFuture<R> send(Tmessage request, Function<Rmessage, R> use) {
        if (!Pending.CURRENT.isBound() || request instanceof Tclunk) {
            return client.send(request, use);
        }
        Pending pending = Pending.CURRENT.get();
        boolean endsFid = request instanceof Tremove;
        if (pending.isGivenUp() && !endsFid) {
            return CompletableFuture.failedFuture(new FuseException(Errno.EINTR));
        }
        CompletableFuture<R> call = client.send(request, use);
        if (!endsFid) {
            pending.began(call, client);
        }
        CompletableFuture<R> reply = new CompletableFuture<>();
        call.whenComplete((result, failure) -> {
            pending.ended(call);
            pending.run(() -> {
                if (failure == null) {
                    reply.complete(result);
                } else {
                    reply.completeExceptionally(failure);
                }
            });
        });
        return reply;
    }
}
