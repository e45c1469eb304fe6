package dev.ninetunnel.fuse;

import dev.ninetunnel.client.FidCalls;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.FuseRequest;
import dev.ninetunnel.fuse.kernel.Opcode;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Requests on locks, of fcntl(2) and of flock(2). Both are ranges of bytes in 9P2000.L; so that those of one program do not hinder
 * each other, as they do not on a local disk, flock's is the last byte that there can be, and fcntl's ranges end before it. Each
 * method starts a request, and does not wait.
 */
final class LockRequests {
    /** Of the body: {@code fh[8] owner[8] start[8] end[8] type[4] pid[4] lk_flags[4] padding[4]}. */
    private record Asked(Handle handle, long node, long owner, long start, long end, int type) {}

    private static final int FLOCK = 1;
    /** Types of fcntl(2) on Linux, and those of the wire. */
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int UNLOCK = 2;
    /** Of Rlock. */
    private static final int BLOCKED = 1;
    private static final int SUCCESS = 0;
    private static final long FLOCK_BYTE = Long.MAX_VALUE - 1;
    private static final long FIRST_WAIT_MILLIS = 5;
    static final long LONGEST_WAIT_MILLIS = 1000;

    private final Remote remote;
    private final Handles handles;
    private final Text client;
    private final Map<Long, Owner> owners = new HashMap<>();
    private int lastOwner;

    /** An owner of locks, as it is told to the server, and what it may have. */
    private record Owner(int number, Set<Held> held) {}

    /** A range of a file that may be locked, and by which handle that was done. */
    private record Held(Handle handle, long node, long start, long end) {}

    LockRequests(Remote remote, Handles handles, Text client) {
        this.remote = remote;
        this.handles = handles;
        this.client = client;
    }

    private Asked read(FuseRequest r) {
        ByteBuf in = r.body();
        Handle handle = handles.get(in.readLongLE());
        long owner = in.readLongLE();
        long start = in.readLongLE();
        long end = in.readLongLE();
        int type = in.readIntLE();
        in.skipBytes(Integer.BYTES);
        boolean flock = (in.readIntLE() & FLOCK) != 0;
        return flock
                ? new Asked(handle, r.node(), owner, FLOCK_BYTE, FLOCK_BYTE, type)
                : new Asked(handle, r.node(), owner, start, Math.min(end, FLOCK_BYTE - 1), type);
    }

    /** FUSE_GETLK; answered by {@code start[8] end[8] type[4] pid[4]}. */
    CompletableFuture<ByteBuf> get(FuseRequest r) {
        Asked a = read(r);
        int owner = number(a.owner);
        return onOpen(a.handle, (c, fid) -> c
                .ask(new Tgetlock(fid, a.type, a.start, length(a), owner, client), Rgetlock.class)).thenApply(found -> {
                    long end = found.length() == 0 ? Long.MAX_VALUE : found.start() + found.length() - 1;
                    return Replies.buffer(24).writeLongLE(found.start())
                            .writeLongLE(end >= FLOCK_BYTE - 1 ? Long.MAX_VALUE : end).writeIntLE(found.lockType())
                            .writeIntLE(found.lockType() == UNLOCK ? 0 : found.procId());
                });
    }

    /** FUSE_SETLK, and FUSE_SETLKW, which waits until it is granted or interrupted. */
    CompletableFuture<ByteBuf> set(FuseRequest r, boolean waits) {
        Asked a = read(r);
        if (a.type == WRITE || a.type == READ || a.type == UNLOCK) {
            CompletableFuture<ByteBuf> granted = new CompletableFuture<>();
            Pending request = Pending.CURRENT.get();
            if (a.type != UNLOCK) {
                request.undoneBy(() -> release(a));
            }
            attempt(request, a, waits, FIRST_WAIT_MILLIS, granted);
            return granted;
        }
        throw new FuseException(Errno.EINVAL);
    }

    /** A server never keeps a lock's request until it can be granted (rule S10): it is asked again. */
    private void attempt(Pending request, Asked a, boolean waits, long millis, CompletableFuture<ByteBuf> granted) {
        if (granted.isDone()) {
            return;
        }
        lock(a).whenComplete((reply, failure) -> {
            if (failure != null) {
                granted.completeExceptionally(failure);
            } else if (reply.status() == SUCCESS) {
                if (!granted.complete(Replies.EMPTY)) { // interrupted while it was granted
                    release(a);
                }
            } else if (reply.status() == BLOCKED && waits) {
                Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
                later.execute(() -> request.run(
                        () -> attempt(request, a, true, Math.min(2 * millis, LONGEST_WAIT_MILLIS), granted)));
            } else {
                granted.completeExceptionally(new FuseException(reply.status() == BLOCKED
                        ? Errno.EAGAIN
                        : Errno.ENOLCK));
            }
        });
    }

    private CompletableFuture<Rlock> lock(Asked a) {
        return onOpen(a.handle, (calls, fid) -> calls
                .ask(new Tlock(fid, a.type, 0, a.start, length(a), owner(a), client), Rlock.class))
                .whenComplete((reply, _) -> {
                    if (a.type == UNLOCK && reply != null && reply.status() == SUCCESS) {
                        unlocked(a);
                    }
                });
    }

    private <R> CompletableFuture<R> onOpen(Handle handle, BiFunction<FidCalls, Integer, CompletableFuture<R>> ask) {
        return remote.run(handle.user(),
                a -> handle.open(a).thenCompose(open -> ask.apply(a.calls(), open.fid())));
    }

    private void release(Asked a) {
        int owner = number(a.owner);
        // Of the request for the lock nothing is sent any more.
        new Pending(Opcode.SETLK, 0, 0).run(() -> onOpen(a.handle, (calls, fid) -> calls
                .ask(new Tlock(fid, UNLOCK, 0, a.start, length(a), owner, client), Rlock.class))
                .whenComplete((_, _) -> unlocked(a)));
    }

    /** A program closes a file: its locks of fcntl(2) on it end, if it has any. */
    CompletableFuture<ByteBuf> closed(Handle handle, long node, long owner) {
        OptionalInt number = numberIfHolding(node, owner);
        if (number.isEmpty()) {
            return Replies.now(Replies.EMPTY);
        }
        return onOpen(handle, (calls, fid) -> calls
                .ask(new Tlock(fid, UNLOCK, 0, 0, FLOCK_BYTE, number.getAsInt(), client), Rlock.class))
                .handle((_, _) -> {
                    forget(node, owner);
                    return Replies.EMPTY;
                });
    }

    private synchronized OptionalInt numberIfHolding(long node, long owner) {
        Owner known = owners.get(owner);
        return known != null && known.held.stream().anyMatch(held -> held.node == node)
                ? OptionalInt.of(known.number)
                : OptionalInt.empty();
    }

    /** The owner has no locks on a file any more. */
    void forget(long node, long owner) {
        drop(owner, held -> held.node == node);
    }

    private void unlocked(Asked a) {
        drop(a.owner, held -> held.node == a.node && a.start <= held.start && held.end <= a.end);
    }

    private synchronized void drop(long owner, Predicate<Held> which) {
        Owner known = owners.get(owner);
        if (known != null && known.held.removeIf(which) && known.held.isEmpty()) {
            owners.remove(owner);
        }
    }

    /** The server has forgotten all locks: handles by which there may have been some fail from now on. */
    synchronized void lost() {
        owners.values().forEach(owner -> owner.held.forEach(held -> held.handle.loseLocks()));
        owners.clear();
    }

    private static long length(Asked a) {
        return a.end - a.start + 1;
    }

    /** The number for an owner: the kernel's has 64 bits, the wire's 32. */
    private synchronized int owner(Asked a) {
        if (a.type == UNLOCK) {
            return number(a.owner);
        }
        Owner owner = owners.computeIfAbsent(a.owner, _ -> new Owner(++lastOwner, new HashSet<>()));
        owner.held.add(new Held(a.handle, a.node, a.start, a.end));
        return owner.number;
    }

    /** Of an owner who gets no lock by that: one who has none gets a number that is not kept. */
    private synchronized int number(long owner) {
        Owner known = owners.get(owner);
        return known == null ? ++lastOwner : known.number;
    }
}
