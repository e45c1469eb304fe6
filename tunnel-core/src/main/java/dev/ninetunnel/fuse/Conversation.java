package dev.ninetunnel.fuse;

import dev.ninetunnel.client.DialectOps;
import dev.ninetunnel.client.FidCalls;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.Rpc;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.fuse.lease.Kernel;
import dev.ninetunnel.fuse.lease.KernelLeases;
import dev.ninetunnel.fuse.lease.LeasedRpc;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tremove;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One conversation with the server, from when it was dialled until it is lost, with all fids in it. Any thread. */
final class Conversation {
    private final NineClient client;
    private final FidCalls calls;
    private final DialectOps ops;
    private final TrackedRpc rpc;
    /** Null where the kernel keeps nothing. */
    private final KernelLeases leases;
    private final Map<Integer, Attachment> attachments = new ConcurrentHashMap<>();
    /** What was let go last, when the server had room for no more. */
    private CompletableFuture<?> roomMade = CompletableFuture.completedFuture(null);

    /** @param kernel that may keep what the server grants leases on; null if it may not */
    Conversation(NineClient client, Kernel kernel) {
        this.client = client;
        this.rpc = new TrackedRpc(client);
        this.calls = new FidCalls(rpc);
        this.ops = DialectOps.of(client.dialect(), calls);
        this.leases = kernel == null ? null : kernel.leases(client).orElse(null);
        if (leases != null) {
            leases.renewBy(this::renew);
        }
    }

    private void renew(long node) {
        attachments.values().forEach(attachment -> attachment.renew(node));
    }

    KernelLeases leases() {
        return leases;
    }

    /** Whether the server may grant leases. */
    boolean hasLeases() {
        return leases != null;
    }

    /**
     * Requests with which leases are wanted, as far as the server grants any.
     *
     * @param want a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param granted hears of a lease before its reply
     */
    FidCalls calls(int want, Consumer<Grant> granted) {
        return leases == null ? calls : new FidCalls(new LeasedRpc(rpc, leases, want, granted));
    }

    /** The same. */
    DialectOps ops(int want, Consumer<Grant> granted) {
        return leases == null ? ops : DialectOps.of(client.dialect(), calls(want, granted));
    }

    NineClient client() {
        return client;
    }

    FidCalls calls() {
        return calls;
    }

    DialectOps ops() {
        return ops;
    }

    /** Whether the server answers writes before they are where they are to be. */
    boolean writesBehind() {
        return !client.lease().isZero();
    }

    /** The most bytes of data that one message carries. */
    int dataSize() {
        return client.dataSize();
    }

    /**
     * What a user has attached to; attaches if that has not been done.
     *
     * @param user one of {@code users}
     * @param root what must be found there; null if that is not known yet
     */
    CompletableFuture<Attachment> as(int user, Users users, Inode root) {
        Attachment known = attachments.get(user);
        return known != null ? CompletableFuture.completedFuture(known) : attach(user, users.login(user), root);
    }

    private CompletableFuture<Attachment> attach(int user, Login login, Inode root) {
        return withRoom(() -> ops.attach(login)).thenApply(attached -> {
            if (root != null && !root.is(attached.qid())) {
                calls.clunk(attached.fid());
                throw new FuseException(Errno.ESTALE);
            }
            Attachment mine = new Attachment(this, attached.fid());
            Attachment other = attachments.putIfAbsent(user, mine);
            if (other == null) {
                return mine;
            }
            calls.clunk(attached.fid());
            return other;
        });
    }

    /** Asks for what takes a descriptor at the server. Where it has none left, half of the fids are let go for it, whosever they are. */
    <R> CompletableFuture<R> withRoom(Supplier<CompletableFuture<R>> asking) {
        return asking.get().exceptionallyCompose(failure -> {
            boolean full = FuseException.cause(failure) instanceof RefusedException e && e.is(Errno.ENFILE);
            return full && makeRoom()
                    ? roomMade().thenCompose(_ -> asking.get())
                    : CompletableFuture.failedFuture(failure);
        });
    }

    private synchronized boolean makeRoom() {
        if (roomMade.isDone()) {
            List<Integer> over = attachments.values().stream().flatMap(each -> each.known().takeHalf().stream())
                    .toList();
            roomMade = CompletableFuture.allOf(over.stream().map(calls::clunk).toArray(CompletableFuture[]::new))
                    .handle((_, _) -> null);
            return !over.isEmpty();
        }
        return true;
    }

    private synchronized CompletableFuture<?> roomMade() {
        return roomMade;
    }

    /** The kernel has forgotten a file. */
    void forget(Inode inode) {
        attachments.values().forEach(attachment -> attachment.known().forget(inode));
    }

    /** A file has another name. Servers by others may know what a fid stands for by its name; ours know the file. */
    void renamed(Inode inode) {
        if (!client().extended()) {
            attachments.values().forEach(attachment -> attachment.known().findAgain(inode));
        }
    }

    /**
     * Requests of 9P that belong to the request of the kernel for which they are sent, which can be interrupted as long as any is open.
     * What ends a fid is sent whatever becomes of that. Any thread.
     */
    private record TrackedRpc(NineClient client) implements Rpc {
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
}
