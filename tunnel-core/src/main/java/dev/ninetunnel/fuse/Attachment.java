package dev.ninetunnel.fuse;

import dev.ninetunnel.client.DialectOps;
import dev.ninetunnel.client.FidCalls;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Twalk;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What one user has attached to in one conversation, and the fids that stand there for files that the kernel knows. Where none does,
 * as for another user or after the server has been dialled again, the file is found by its names. The kernel forgets a file only when
 * it needs the memory, and a fid may hold a descriptor at the server: those that were used longest ago are let go when there are many, or
 * too many for the server. Any thread; nothing here waits.
 */
final class Attachment {
    /** So many fids at most, but for those of files that are open, or have no name any more. */
    private static final int MOST_FIDS = 4096;

    private final Conversation conversation;
    /** By the kernel's numbers for the files, those last that were used last. */
    private final LinkedHashMap<Long, Known> fids = new LinkedHashMap<>(16, 0.75f, true);
    private final List<Integer> outdated = new ArrayList<>();
    private final Known root;
    /** What was let go last, when the server had room for no more. */
    private CompletableFuture<?> roomMade = CompletableFuture.completedFuture(null);

    private static final class Known {
        final Inode inode;
        final int fid;
        /** What is being done with it. */
        int users;

        Known(Inode inode, int fid) {
            this.inode = inode;
            this.fid = fid;
        }

        /** Whether it may be let go: the file can be found again, also if its name goes meanwhile. */
        boolean canBeFound() {
            return users == 0 && !inode.kept().isOpen() && !inode.names().isEmpty();
        }
    }

    Attachment(Conversation conversation, int root) {
        this.conversation = conversation;
        this.root = new Known(null, root);
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
        Known known = use(node);
        if (known != null) {
            done(known, ops(LeaseKinds.ATTRIBUTES, _ -> {})::attributes);
        }
    }

    /** Refuses what only a server that takes our own messages can do. */
    void requireExtended(Errno errno) {
        if (!conversation.client().extended()) {
            throw new FuseException(errno);
        }
    }

    int root() {
        return root.fid;
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
        return withRoom(() -> walkOnce(by, from, names, question));
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
     * it was, or another one is.
     */
    <R> CompletableFuture<R> on(Inode inode, Function<Integer, CompletableFuture<R>> deed) {
        Known known = use(inode.number());
        return known == null ? find(inode).thenCompose(found -> done(found, deed)) : done(known, deed);
    }

    private synchronized Known use(long node) {
        Known known = node == InodeTable.ROOT ? root : fids.get(node);
        if (known != null) {
            known.users++;
        }
        return known;
    }

    private <R> CompletableFuture<R> done(Known known, Function<Integer, CompletableFuture<R>> deed) {
        CompletableFuture<R> doing;
        try {
            doing = deed.apply(known.fid);
        } catch (RuntimeException e) {
            doing = CompletableFuture.failedFuture(e);
        }
        return doing.whenComplete((_, _) -> used(known));
    }

    private synchronized void used(Known known) {
        known.users--;
    }

    /** Finds it by its names; its fid is in use for the caller. */
    private CompletableFuture<Known> find(Inode inode) {
        List<Text> names = inode.names();
        if (names.isEmpty()) {
            return CompletableFuture.failedFuture(new FuseException(Errno.ESTALE));
        }
        int top = root.fid;
        return withRoom(() -> calls().walk(top, names)).exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                FuseException.cause(failure) instanceof RefusedException e
                        && (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) ? new FuseException(Errno.ESTALE) : failure))
                .thenApply(file -> {
                    if (!inode.is(file.qid())) {
                        calls().clunk(file.fid());
                        throw new FuseException(Errno.ESTALE);
                    }
                    return take(inode, file.fid());
                });
    }

    /** A fid for a file, which is this object's from here on, and clunked if there is one already. */
    void keep(Inode inode, int fid) {
        used(take(inode, fid));
    }

    private Known take(Inode inode, int fid) {
        List<Integer> over;
        Known kept;
        synchronized (this) {
            kept = fids.computeIfAbsent(inode.number(), _ -> new Known(inode, fid));
            kept.users++;
            over = fids.size() > MOST_FIDS ? oldest(MOST_FIDS / 8) : List.of();
        }
        if (kept.fid != fid) {
            calls().clunk(fid);
        }
        over.forEach(calls()::clunk);
        return kept;
    }

    /** Takes out so many of the fids that were used longest ago, and can be done without. */
    private List<Integer> oldest(int number) {
        List<Integer> taken = new ArrayList<>(number);
        Iterator<Known> all = fids.values().iterator();
        while (all.hasNext() && taken.size() < number) {
            Known known = all.next();
            if (known.canBeFound()) {
                taken.add(known.fid);
                all.remove();
            }
        }
        return taken;
    }

    /** Another fid for the same file, which is the caller's. */
    CompletableFuture<Integer> copy(int fid) {
        return withRoom(() -> calls().copy(fid));
    }

    /** Asks for what takes a descriptor at the server. Where it has none left for this user, half of the fids are let go for it. */
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
            List<Integer> over = oldest((fids.size() + 1) / 2);
            roomMade = CompletableFuture.allOf(over.stream().map(calls()::clunk).toArray(CompletableFuture[]::new))
                    .handle((_, _) -> null);
            return !over.isEmpty();
        }
        return true;
    }

    private synchronized CompletableFuture<?> roomMade() {
        return roomMade;
    }

    /**
     * From now on, a file and what is below it is found by its names again. The fids for them are clunked when that happens the next
     * time, for requests on their way may name them.
     */
    synchronized void findAgain(Inode moved) {
        outdated.forEach(calls()::clunk);
        outdated.clear();
        List<Long> numbers = moved.isDirectory() ? List.copyOf(fids.keySet()) : List.of(moved.number());
        for (Long number : numbers) {
            Known known = fids.remove(number);
            if (known != null) {
                outdated.add(known.fid);
            }
        }
    }

    void forget(Inode inode) {
        Known known;
        synchronized (this) {
            known = fids.remove(inode.number());
        }
        if (known != null) {
            calls().clunk(known.fid);
        }
    }
}
