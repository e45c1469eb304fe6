package dev.ninetunnel.fuse;

import dev.ninetunnel.client.DialectOps;
import dev.ninetunnel.client.FidCalls;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.KnownFids.Known;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Twalk;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What one user has attached to in one conversation, and the fids that stand there for files that the kernel knows. Where none does,
 * as for another user or after the server has been dialled again, the file is found by its names. Any thread; nothing here waits.
 */
final class Attachment {
    private final Conversation conversation;
    private final KnownFids known;
    private final int root;

    Attachment(Conversation conversation, int root) {
        this.conversation = conversation;
        this.known = new KnownFids(conversation.calls());
        this.root = root;
    }

    Conversation conversation() {
        return conversation;
    }

    DialectOps ops() {
        return conversation.ops();
    }

    FidCalls calls() {
        return conversation.calls();
    }

    /** Requests with which leases are wanted: see {@link Conversation#calls(int, Consumer)}. */
    FidCalls calls(int want, Consumer<Grant> granted) {
        return conversation.calls(want, granted);
    }

    /** The same. */
    DialectOps ops(int want, Consumer<Grant> granted) {
        return conversation.ops(want, granted);
    }

    /**
     * The lease on the names of a directory by which what is asked from now on may be kept; null if there is none. Then it is asked for,
     * for those who ask later, unless that was done just now and in vain.
     */
    Grant namesOf(Inode directory, int fid) {
        if (!conversation.hasLeases()) {
            return null;
        }
        Grant names = directory.kept().names();
        if (names == null && directory.kept().mayAskForNames(conversation.leases().now())) {
            ops(LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES, directory.kept()::by).attributes(fid);
        }
        return names;
    }

    /** Asks about a file, if there is a fid for it, so that leases stay good. */
    void renew(long node) {
        if (node == InodeTable.ROOT) {
            ops(LeaseKinds.ATTRIBUTES, _ -> {}).attributes(root);
            return;
        }
        Known used = known.use(node);
        if (used != null) {
            done(used, ops(LeaseKinds.ATTRIBUTES, _ -> {})::attributes);
        }
    }

    /** Refuses what only a server that takes our own messages can do. */
    void requireExtended(Errno errno) {
        if (!conversation.client().extended()) {
            throw new FuseException(errno);
        }
    }

    int root() {
        return root;
    }

    /** A fid that was made, and what was asked of it. */
    record Made<R>(int fid, R answer) {}

    /**
     * Walks from a fid to a new one, and asks something of that. A server of ours gets both at once, for it carries out in order what
     * names a common fid; where it passes them on to a server that does not, the second is asked again. The caller ends the
     * fid; if anything fails, there is none.
     */
    <R> CompletableFuture<Made<R>> walk(int from, List<Text> names, IntFunction<CompletableFuture<R>> question) {
        return walk(calls(), from, names, question);
    }

    /** The same, where the walk is asked for by these. */
    <R> CompletableFuture<Made<R>> walk(FidCalls by, int from, List<Text> names,
            IntFunction<CompletableFuture<R>> question) {
        return conversation.withRoom(() -> walkOnce(by, from, names, question));
    }

    private <R> CompletableFuture<Made<R>> walkOnce(FidCalls by, int from, List<Text> names,
            IntFunction<CompletableFuture<R>> question) {
        int fid = calls().take();
        CompletableFuture<Throwable> walked = by.ask(new Twalk(from, fid, names), Rwalk.class)
                .handle((walk, failure) -> failure == null && walk.qids().size() < names.size()
                        ? new FuseException(Errno.ENOENT)
                        : failure);
        CompletableFuture<R> early = conversation.client().extended()
                ? question.apply(fid)
                : CompletableFuture.failedFuture(new FuseException(Errno.EBADF));
        return walked.thenCompose(failure -> failure == null
                ? answered(fid, question, early)
                : early.handle((_, _) -> fid).thenCompose(unmade -> {
                    calls().free(unmade);
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
                        calls().clunk(fid);
                    }
                })
                .thenApply(answer -> new Made<>(fid, answer));
    }

    /**
     * Does something with a fid for a file that is never open, and is not let go until that is done; ESTALE if the file is not where
     * it was, or another one is. A fid may stand for nothing any more though the file is there, as after it was moved away and back:
     * then it is found again, and the deed, of which nothing was done, is done with that.
     */
    <R> CompletableFuture<R> on(Inode inode, Function<Integer, CompletableFuture<R>> deed) {
        if (inode.number() == InodeTable.ROOT) {
            return deed.apply(root);
        }
        Known used = known.use(inode.number());
        if (used == null) {
            return find(inode).thenCompose(found -> done(found, deed));
        }
        return done(used, deed).exceptionallyCompose(failure -> {
            if (!saysOfFid(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            known.drop(used);
            return find(inode).thenCompose(found -> done(found, deed));
        });
    }

    /** Whether it may tell of the fid alone. One that an endpoint was to make late has ENFILE for good, where its peer was full then. */
    private static boolean saysOfFid(Throwable failure) {
        return FuseException.cause(failure) instanceof RefusedException e
                && (e.is(Errno.ESTALE) || e.is(Errno.ENFILE));
    }

    private <R> CompletableFuture<R> done(Known used, Function<Integer, CompletableFuture<R>> deed) {
        CompletableFuture<R> doing;
        try {
            doing = deed.apply(used.fid);
        } catch (RuntimeException e) {
            doing = CompletableFuture.failedFuture(e);
        }
        return doing.whenComplete((_, _) -> known.used(used));
    }

    /** Finds it by its names; its fid is in use for the caller. */
    private CompletableFuture<Known> find(Inode inode) {
        List<Text> names = inode.names();
        if (names.isEmpty()) {
            return CompletableFuture.failedFuture(new FuseException(Errno.ESTALE));
        }
        return conversation.withRoom(() -> calls().walk(root, names))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        FuseException.cause(failure) instanceof RefusedException e
                                && (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR))
                                        ? new FuseException(Errno.ESTALE)
                                        : failure))
                .thenApply(file -> {
                    if (!inode.is(file.qid())) {
                        calls().clunk(file.fid());
                        throw new FuseException(Errno.ESTALE);
                    }
                    return known.take(inode, file.fid());
                });
    }

    /** A fid for a file, which is this object's from here on, and clunked if there is one already. */
    void keep(Inode inode, int fid) {
        known.used(known.take(inode, fid));
    }

    /** Another fid for the same file, which is the caller's. */
    CompletableFuture<Integer> copy(int fid) {
        return withRoom(() -> calls().copy(fid));
    }

    /** See {@link Conversation#withRoom}. */
    <R> CompletableFuture<R> withRoom(Supplier<CompletableFuture<R>> asking) {
        return conversation.withRoom(asking);
    }

    /** The fids for what the kernel knows. */
    KnownFids known() {
        return known;
    }
}
