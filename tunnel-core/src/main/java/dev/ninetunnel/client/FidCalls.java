package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Twalk;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Requests of one conversation, and the numbers of its fids: what all dialects have in common. Any thread; nothing here waits. */
public final class FidCalls {
    /** How many names one Twalk may carry (walk(5)). */
    private static final int NAMES_AT_ONCE = 16;

    private final Rpc rpc;
    private final ArrayDeque<Integer> freed = new ArrayDeque<>();
    private int neverUsed;

    public FidCalls(Rpc rpc) {
        this.rpc = rpc;
    }

    /** A fid, and the file that it stands for. */
    public record Walked(int fid, Qid qid) {}

    /** Sends a request whose reply is of a kind, and has no data. */
    public <R extends Rmessage> CompletableFuture<R> ask(Tmessage request, Class<R> reply) {
        return rpc.send(request, reply::cast);
    }

    /** Sends a request, as {@link Rpc#send} does. */
    public <R> CompletableFuture<R> ask(Tmessage request, Function<Rmessage, R> use) {
        return rpc.send(request, use);
    }

    /** A number that stands for nothing yet. */
    public synchronized int take() {
        return freed.isEmpty() ? neverUsed++ : freed.pop();
    }

    /** The number stands for nothing any more. */
    public synchronized void free(int fid) {
        freed.push(fid);
    }

    /** How many fids stand for something, or may do so. */
    synchronized int inUse() {
        return neverUsed - freed.size();
    }

    /** A fid for the root of a tree. The user's number is for dialects that have it. */
    public CompletableFuture<Walked> attach(Text uname, OptionalInt uid, Text aname) {
        int fid = take();
        return freeIfRefused(fid, ask(new Tattach(fid, Frame.NOFID, uname, aname, uid), Rattach.class)
                .thenApply(attached -> new Walked(fid, attached.qid())));
    }

    /** Another fid for the same file, which must not be open. */
    public CompletableFuture<Integer> copy(int fid) {
        int copy = take();
        return freeIfRefused(copy, ask(new Twalk(fid, copy, List.of()), Rwalk.class).thenApply(_ -> copy));
    }

    /** A fid for where the names lead, of which there is one at least, and may be any number. */
    public CompletableFuture<Walked> walk(int from, List<Text> names) {
        int fid = take();
        List<Text> first = names.subList(0, Math.min(names.size(), NAMES_AT_ONCE));
        List<Text> rest = names.subList(first.size(), names.size());
        CompletableFuture<Walked> walked = freeIfRefused(fid, step(from, fid, first));
        return rest.isEmpty()
                ? walked
                : walked.thenCompose(_ -> walkOn(fid, rest).whenComplete((_, failure) -> {
                    if (failure != null) {
                        clunk(fid);
                    }
                }));
    }

    /** Takes a fid that is not open to where the names lead; it may be on the way if that fails. */
    CompletableFuture<Walked> walkOn(int fid, List<Text> names) {
        List<Text> next = names.subList(0, Math.min(names.size(), NAMES_AT_ONCE));
        List<Text> rest = names.subList(next.size(), names.size());
        CompletableFuture<Walked> walked = step(fid, fid, next);
        return rest.isEmpty() ? walked : walked.thenCompose(_ -> walkOn(fid, rest));
    }

    private CompletableFuture<Walked> step(int from, int to, List<Text> names) {
        return rpc.send(new Twalk(from, to, names), reply -> ((Rwalk) reply).qids()).thenCompose(qids -> {
            if (qids.size() == names.size()) {
                return CompletableFuture.completedFuture(new Walked(to, qids.getLast()));
            }
            boolean directory = qids.isEmpty() || qids.getLast().isDirectory();
            return CompletableFuture.failedFuture(RefusedException.of(directory ? Errno.ENOENT : Errno.ENOTDIR));
        });
    }

    /** The number is free again if the server has not made a fid of it. */
    private <R> CompletableFuture<R> freeIfRefused(int fid, CompletableFuture<R> reply) {
        return reply.whenComplete((_, failure) -> {
            if (failure != null) {
                free(fid);
            }
        });
    }

    /** Ends a fid, and tells what came of it. The number is free once the server has answered, whatever it says. */
    public CompletableFuture<Void> clunk(int fid) {
        return ask(new Tclunk(fid), Rclunk.class).whenComplete((_, _) -> free(fid)).thenApply(_ -> null);
    }

    /** Removes the file, and ends the fid. */
    CompletableFuture<Void> remove(int fid) {
        return ask(new Tremove(fid), Rremove.class).whenComplete((_, _) -> free(fid)).thenApply(_ -> null);
    }

    /** Does something to a copy of a fid, which is clunked then. */
    <R> CompletableFuture<R> onCopy(int fid, Function<Integer, CompletableFuture<R>> deed) {
        return copy(fid).thenCompose(copy -> deed.apply(copy).whenComplete((_, _) -> clunk(copy)));
    }

    /** What was asked, or something else in its place if the server refuses it with one of these errors. */
    static <R> CompletableFuture<R> ifRefused(CompletableFuture<R> asked, Set<Errno> errors,
            Supplier<CompletableFuture<R>> other) {
        return asked.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause instanceof RefusedException e && errors.stream().anyMatch(e::is)
                    ? other.get()
                    : CompletableFuture.failedFuture(cause);
        });
    }
}
