package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Requests on locks, of fcntl(2) and of flock(2). Both are ranges of bytes in 9P2000.L; so that those of one program do not hinder
 * each other, as they do not on a local disk, flock's is the last byte that there can be, and fcntl's ranges end before it. Each
 * method starts a request, and does not wait.
 */
final class LockRequests {
    /** Of the body: {@code fh[8] owner[8] start[8] end[8] type[4] pid[4] lk_flags[4] padding[4]}. */
    private record Asked(int fid, long node, long owner, long start, long end, int type) {}

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
    private static final long LONGEST_WAIT_MILLIS = 1000;

    private final Remote remote;
    private final Handles handles;
    private final Text client;
    private final Map<Long, Owner> owners = new HashMap<>();
    private int lastOwner;

    /** An owner of locks, as it is told to the server, and the files on which it may have some. */
    private record Owner(int number, Set<Long> nodes) {}

    LockRequests(Remote remote, Handles handles, Text client) {
        this.remote = remote;
        this.handles = handles;
        this.client = client;
    }

    private Asked read(FuseRequest r) {
        ByteBuf in = r.body();
        int fid = handles.fid(in.readLongLE());
        long owner = in.readLongLE();
        long start = in.readLongLE();
        long end = in.readLongLE();
        int type = in.readIntLE();
        in.skipBytes(Integer.BYTES);
        boolean flock = (in.readIntLE() & FLOCK) != 0;
        return flock
                ? new Asked(fid, r.node(), owner, FLOCK_BYTE, FLOCK_BYTE, type)
                : new Asked(fid, r.node(), owner, start, Math.min(end, FLOCK_BYTE - 1), type);
    }

    /** FUSE_GETLK; answered by {@code start[8] end[8] type[4] pid[4]}. */
    CompletableFuture<ByteBuf> get(FuseRequest r) {
        Asked a = read(r);
        Tgetlock request = new Tgetlock(a.fid, a.type, a.start, length(a), number(a.owner), client);
        return remote.ask(request, Rgetlock.class).thenApply(found -> {
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
        Tlock lock = new Tlock(a.fid, a.type, 0, a.start, length(a), owner(a), client);
        remote.ask(lock, Rlock.class).whenComplete((reply, failure) -> {
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

    private void release(Asked a) {
        remote.tell(new Tlock(a.fid, UNLOCK, 0, a.start, length(a), owner(a), client));
    }

    /** A program closes a file: its locks of fcntl(2) on it end, if it has any. */
    CompletableFuture<ByteBuf> closed(int fid, long node, long owner) {
        Owner known = known(node, owner);
        if (known == null) {
            return Replies.now(Replies.EMPTY);
        }
        Tlock request = new Tlock(fid, UNLOCK, 0, 0, FLOCK_BYTE, known.number, client);
        return remote.ask(request, Rlock.class).handle((_, _) -> {
            forget(node, owner);
            return Replies.EMPTY;
        });
    }

    private synchronized Owner known(long node, long owner) {
        Owner known = owners.get(owner);
        return known != null && known.nodes.contains(node) ? known : null;
    }

    /** The owner has no locks on a file any more. */
    synchronized void forget(long node, long owner) {
        Owner known = owners.get(owner);
        if (known != null && known.nodes.remove(node) && known.nodes.isEmpty()) {
            owners.remove(owner);
        }
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
        owner.nodes.add(a.node);
        return owner.number;
    }

    /** Of an owner who gets no lock by that: one who has none gets a number that is not kept. */
    private synchronized int number(long owner) {
        Owner known = owners.get(owner);
        return known == null ? ++lastOwner : known.number;
    }
}
