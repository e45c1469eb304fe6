package dev.ninetunnel.fuse;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
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
import java.util.function.IntFunction;
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

    /** A fid that was made, and what was asked of it. */
    record Made<R>(int fid, R answer) {}

    /**
     * Walks from a fid to a new one, and asks something of that. A server of ours gets both at once, for it carries out in order what
     * names a common fid; where it passes them on to a server that does not, the second is asked again. Whoever gets the fid ends it; if
     * anything fails, there is none.
     */
    <R> CompletableFuture<Made<R>> walk(int from, List<Text> names, IntFunction<CompletableFuture<R>> question) {
        int fid = take();
        CompletableFuture<Throwable> walked = ask(new Twalk(from, fid, names), Rwalk.class)
                .handle((walk, failure) -> failure == null && walk.qids().size() < names.size()
                        ? new FuseException(Errno.ENOENT)
                        : failure);
        CompletableFuture<R> early = client.extended()
                ? question.apply(fid)
                : CompletableFuture.failedFuture(new FuseException(Errno.EBADF));
        return walked.thenCompose(failure -> failure == null
                ? answered(fid, question, early)
                : early.handle((_, _) -> fid).thenCompose(unmade -> {
                    free(unmade);
                    return CompletableFuture.failedFuture(failure);
                }));
    }

    private <R> CompletableFuture<Made<R>> answered(int fid, IntFunction<CompletableFuture<R>> question,
            CompletableFuture<R> early) {
        return early.exceptionallyCompose(failure -> FuseException.errno(failure) == Errno.EBADF.number()
                ? question.apply(fid)
                : CompletableFuture.failedFuture(failure))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        clunk(fid);
                    }
                })
                .thenApply(answer -> new Made<>(fid, answer));
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
