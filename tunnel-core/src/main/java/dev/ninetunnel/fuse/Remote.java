package dev.ninetunnel.fuse;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twalk;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** The 9P server behind a mount, and the numbers of its fids. Any thread; nothing here waits. */
final class Remote {
    /** All that stat(2) tells ({@code P9_GETATTR_BASIC}). */
    private static final long BASIC = 0x7ff;

    private final NineClient client;
    private final ArrayDeque<Integer> freed = new ArrayDeque<>();
    private int neverUsed;

    Remote(NineClient client) {
        this.client = client;
    }

    NineClient client() {
        return client;
    }

    /** Sends a request whose reply is of a kind. */
    <R extends Rmessage> CompletableFuture<R> ask(Tmessage request, Class<R> reply) {
        return sent(() -> client.send(request)).thenApply(reply::cast);
    }

    /** Sends a request whose reply is looked at while its data are there. */
    <R> CompletableFuture<R> ask(Tmessage request, Function<Rmessage, R> use) {
        return sent(() -> client.send(request, use));
    }

    /** Refuses what only a server that takes our own messages can do (EOPNOTSUPP). */
    void requireExtended() {
        if (!client.extended()) {
            throw new FuseException(Errno.EOPNOTSUPP);
        }
    }

    /** Sends a request without a caller that waits or hears of an error. */
    void tell(Tmessage request) {
        client.send(request);
    }

    /** What follows the reply belongs to the same request of the kernel, which can be interrupted as long as any is open. */
    private <R> CompletableFuture<R> sent(Supplier<CompletableFuture<R>> send) {
        if (!Pending.CURRENT.isBound()) {
            return send.get();
        }
        Pending pending = Pending.CURRENT.get();
        if (pending.isGivenUp()) {
            return CompletableFuture.failedFuture(new FuseException(Errno.EINTR));
        }
        CompletableFuture<R> call = send.get();
        pending.began(call);
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

    /** A fid for the root of what a user attaches to. */
    CompletableFuture<Integer> attach(Text uname, int uid, Text aname) {
        int fid = take();
        return made(fid, ask(new Tattach(fid, Frame.NOFID, uname, aname, OptionalInt.of(uid)), Rattach.class));
    }

    /** Another fid for the same file. */
    CompletableFuture<Integer> duplicate(int fid) {
        int copy = take();
        return made(copy, ask(new Twalk(fid, copy, List.of()), Rwalk.class));
    }

    /** A fid for an entry of a directory, and what it is. */
    CompletableFuture<Found> walk(int directory, Text name) {
        int fid = take();
        return kept(fid, ask(new Twalk(directory, fid, List.of(name)), Rwalk.class).thenApply(walked -> {
            if (walked.qids().isEmpty()) {
                throw new FuseException(Errno.ENOENT);
            }
            return new Found(fid, walked.qids().getLast());
        }));
    }

    /** What stat(2) tells of a file. */
    CompletableFuture<Rgetattr> attributes(int fid) {
        return ask(new Tgetattr(fid, BASIC), Rgetattr.class);
    }

    /** Ends a fid. No caller waits for that, or hears of an error. */
    void clunk(int fid) {
        close(fid);
    }

    /** Ends a fid, and tells what came of it. */
    CompletableFuture<Void> close(int fid) {
        return client.send(new Tclunk(fid)).whenComplete((_, _) -> free(fid)).thenApply(_ -> null);
    }

    /** A file that was walked to. */
    record Found(int fid, Qid qid) {}

    private CompletableFuture<Integer> made(int fid, CompletableFuture<?> reply) {
        return kept(fid, reply.thenApply(_ -> fid));
    }

    /** The number is free again if the server has not made a fid of it. */
    private <R> CompletableFuture<R> kept(int fid, CompletableFuture<R> reply) {
        return reply.whenComplete((_, failure) -> {
            if (failure != null) {
                free(fid);
            }
        });
    }

    synchronized int take() {
        return freed.isEmpty() ? neverUsed++ : freed.pop();
    }

    synchronized void free(int fid) {
        freed.push(fid);
    }
}
