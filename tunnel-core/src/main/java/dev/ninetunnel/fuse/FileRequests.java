package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.Handle.OpenFid;
import dev.ninetunnel.fuse.data.Transfer;
import dev.ninetunnel.fuse.data.PiecewiseWrite;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.FuseRequest;
import dev.ninetunnel.fuse.kernel.Opcode;
import dev.ninetunnel.fuse.kernel.OpenFlags;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.fuse.lease.Kept;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Requests on open files. Each method starts one, and does not wait. */
final class FileRequests {
    /** {@code struct fuse_open_out}, in bytes. */
    static final int OPENED = 16;
    private static final int WRITTEN = 8;
    private static final int DATA_ONLY = 1;
    private static final int PIECE = 256 << 10;
    /** {@code FUSE_WRITE_KILL_SUIDGID}. */
    private static final int ENDS_SET_IDS = 1 << 2;
    /** {@code FOPEN_DIRECT_IO}: each read goes to the server, whatever size the file seems to have. */
    private static final int DIRECT = 1;
    /** {@code FOPEN_KEEP_CACHE}: what was read before is good. */
    private static final int KEEP = 1 << 1;
    /** {@code FOPEN_CACHE_DIR}: entries are kept. */
    private static final int CACHE_DIRECTORY = 1 << 3;

    private final Remote remote;
    private final InodeTable inodes;
    private final Handles handles;
    private final LockRequests locks;
    private final boolean closeLater;
    private final Semaphore aheadRoom;

    FileRequests(Remote remote, InodeTable inodes, Handles handles, LockRequests locks, boolean closeLater,
            Semaphore aheadRoom) {
        this.remote = remote;
        this.inodes = inodes;
        this.handles = handles;
        this.locks = locks;
        this.closeLater = closeLater;
        this.aheadRoom = aheadRoom;
    }

    /** FUSE_OPEN and FUSE_OPENDIR: {@code flags[4] open_flags[4]}. */
    CompletableFuture<ByteBuf> open(FuseRequest r, boolean isDirectory) {
        int flags = OpenFlags.wire(r.body().readIntLE(), false);
        Inode inode = inodes.get(r.node());
        return remote.run(r.uid(), a -> a.on(inode, file -> isDirectory
                ? openDirectory(r, a, inode, file, flags)
                : openFile(r, a, inode, file, flags)));
    }

    private CompletableFuture<ByteBuf> openDirectory(FuseRequest r, Attachment a, Inode inode, int file, int flags) {
        return Handle.open(a, inode, file, flags, _ -> {}).thenApply(open -> opened(
                new Handle(inode, r.uid(), flags, new Directory(inode, a.ops().tellsAll()), ahead(inode), open),
                kept(inode, flags, CACHE_DIRECTORY)));
    }

    /** A small file is read together with that, and the kernel given what is in it, so that it need not ask. */
    private CompletableFuture<ByteBuf> openFile(FuseRequest r, Attachment a, Inode inode, int file, int flags) {
        ReadAhead ahead = ahead(inode);
        return Handle.open(a, inode, file, flags, fid -> {
            if (!OpenFlags.writes(flags)) {
                ahead.begin(a, fid, inode.size());
            }
        }).thenCompose(open -> isMadeUp(a, open).thenCombine(turn(a, ahead), (madeUp, _) -> {
            give(inode, ahead);
            return opened(new Handle(inode, r.uid(), flags, null, ahead, open),
                    kept(inode, flags, 0) | (madeUp ? DIRECT : 0));
        })).whenComplete((_, failure) -> {
            if (failure != null) {
                ahead.close();
            }
        });
    }

    private ReadAhead ahead(Inode inode) {
        return new ReadAhead(inode.kept(), aheadRoom);
    }

    /** What was answered together with the opening is looked at first. What was not is not waited for. */
    private static CompletableFuture<Void> turn(Attachment a, ReadAhead ahead) {
        return ahead.isComing()
                ? CompletableFuture.runAsync(() -> {}, a.conversation().client().loop())
                : CompletableFuture.completedFuture(null);
    }

    private void give(Inode inode, ReadAhead ahead) {
        // A read of it that is under way would be waited for.
        if (!inode.kept().isOpen()) {
            ahead.whole().ifPresent(whole -> {
                if (remote.give(inode, whole.data())) {
                    inode.kept().given(whole.by());
                }
                whole.data().release();
            });
        }
    }

    /** How something is opened of which the kernel may keep what it reads: these flags as well, if it may. */
    private static int kept(Inode inode, int flags, int ifCovered) {
        boolean good = inode.kept().opened(OpenFlags.writes(flags));
        return (good ? KEEP : 0) | (inode.kept().isCovered() ? ifCovered : 0);
    }

    /** In 9P2000, a file that is made up as it is read says that it has no bytes. */
    private static CompletableFuture<Boolean> isMadeUp(Attachment a, OpenFid open) {
        return a.ops().tellsAll()
                ? CompletableFuture.completedFuture(false)
                : a.ops().attributes(open.fid()).handle((is, failure) -> failure == null && is.size() == 0);
    }

    private ByteBuf opened(Handle made, int how) {
        Handle handle = handles.add(made);
        ByteBuf out = Replies.buffer(OPENED);
        opened(out, handle.number(), how);
        return out;
    }

    /** {@code struct fuse_open_out}: {@code fh[8] open_flags[4] backing_id[4]}. */
    static void opened(ByteBuf out, long handle, int how) {
        out.writeLongLE(handle).writeIntLE(how).writeZero(4);
    }

    /** FUSE_READ: {@code fh[8] offset[8] size[4] read_flags[4] lock_owner[8] flags[4] padding[4]}. */
    CompletableFuture<ByteBuf> read(FuseRequest r) {
        Handle handle = handles.get(r.body().readLongLE());
        long offset = r.body().readLongLE();
        int size = r.body().readIntLE();
        return remote.run(handle.user(),
                a -> handle.open(a).thenCompose(open -> handle.ahead().take(a, offset, size)
                        .map(ahead -> ahead.thenCompose(data -> data != null
                                ? Replies.now(data)
                                : read(a, handle, open, offset, size)))
                        .orElseGet(() -> read(a, handle, open, offset, size))));
    }

    private CompletableFuture<ByteBuf> read(Attachment a, Handle handle, OpenFid open, long offset, int size) {
        Kept file = handle.inode().kept();
        AtomicReference<Grant> by = new AtomicReference<>();
        int want = LeaseKinds.ATTRIBUTES | (file.mayLeaseData() ? LeaseKinds.DATA : 0);
        return new Transfer(a.calls(want, by::set), open.fid(), open.most()).read(offset, size).thenApply(data -> {
            file.read(size <= open.most() ? by.get() : null);
            if (a.conversation().hasLeases()) {
                file.catchesUpIn().ifPresent(millis -> catchUp(handle, millis));
            }
            return data;
        });
    }

    /**
     * A lease is asked for, and then what was read without one is dropped: it may have changed before that lease was granted. No program
     * waits for that. If none is granted, the next read begins this anew.
     */
    private void catchUp(Handle handle, long millis) {
        Inode inode = handle.inode();
        Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
        later.execute(() -> new Pending(Opcode.GETATTR, 0, 0).run(() -> remote.run(handle.user(), a -> {
            inode.kept().catchesUp();
            return a.on(inode, file -> a.ops(LeaseKinds.ATTRIBUTES, inode.kept()::by).attributes(file))
                    .handle((_, _) -> {
                        if (a.conversation().hasLeases()) {
                            a.conversation().leases().drop(inode.kept());
                        }
                        return null;
                    });
        })));
    }

    /** FUSE_WRITE: {@code fh[8] offset[8] size[4] write_flags[4] lock_owner[8] flags[4] padding[4] data[size]}. */
    CompletableFuture<ByteBuf> write(FuseRequest r) {
        ByteBuf in = r.body();
        Handle handle = handles.get(in.readLongLE());
        long offset = in.readLongLE();
        int size = in.readIntLE();
        boolean endsSetIds = (in.readIntLE() & ENDS_SET_IDS) != 0;
        in.skipBytes(16);
        ByteBuf data = Replies.kept(in.readSlice(size));
        // What is written at the end must stay in one piece.
        boolean append = OpenFlags.appends(handle.flags());
        Repeat repeat = append ? Repeat.NEVER : Repeat.AS_OFTEN_AS_NEEDED;
        return remote.run(handle.user(), repeat, a -> handle.openWritten(a)
                .thenCompose(open -> (endsSetIds
                        ? SetIds.end(remote, a, open.fid(), handle.inode())
                        : CompletableFuture.<Void>completedFuture(null))
                        .thenCompose(_ -> write(a, open, offset, data, append)).thenApply(written -> {
                            wrote(handle, a, open);
                            return written;
                        })))
                .whenComplete((_, _) -> data.release())
                .thenApply(written -> Replies.buffer(WRITTEN).writeIntLE(written).writeZero(4));
    }

    private static CompletableFuture<Integer> write(Attachment a, OpenFid open, long offset, ByteBuf data,
            boolean append) {
        return append || open.most() < PIECE
                ? new Transfer(a.calls(), open.fid(), open.most()).write(offset, data)
                : new PiecewiseWrite(PIECE).of(data.readableBytes(), (at, count) -> a.calls().ask(
                        new Twrite(open.fid(), offset + at, data.slice(data.readerIndex() + at, count)),
                        Rwrite.class));
    }

    private static void wrote(Handle handle, Attachment a, OpenFid open) {
        if (a.conversation().writesBehind()) {
            handle.unconfirmed().wrote(a.conversation());
            askLater(handle, a, open);
        }
    }

    /** Asks whether the server has what was written, so that it is known if the conversation is lost. No program waits for that. */
    private static void askLater(Handle handle, Attachment a, OpenFid open) {
        if (handle.unconfirmed().beginToAsk()) {
            new Pending(Opcode.FLUSH, 0, 0).run(() -> ask(handle, a, open).whenComplete((_, failure) -> {
                handle.unconfirmed().asked();
                if (failure == null) {
                    askLater(handle, a, open);
                }
            }));
        }
    }

    private static CompletableFuture<Void> ask(Handle handle, Attachment a, OpenFid open) {
        long written = handle.unconfirmed().written();
        return a.calls().ask(new Twrite(open.fid(), 0, Unpooled.EMPTY_BUFFER), Rwrite.class)
                .thenAccept(_ -> handle.unconfirmed().confirmed(written));
    }

    /**
     * FUSE_FLUSH, at each close(2): {@code fh[8] unused[4] padding[4] lock_owner[8]}. It waits until the server has what was written, and
     * tells what became of that. POSIX locks of the owner end.
     */
    CompletableFuture<ByteBuf> flush(FuseRequest r) {
        Handle handle = handles.get(r.body().readLongLE());
        r.body().skipBytes(8);
        long owner = r.body().readLongLE();
        if (closeLater || !handle.unconfirmed().isAny()) {
            return locks.closed(handle, r.node(), owner);
        }
        CompletableFuture<Void> written = remote.run(handle.user(),
                a -> handle.openWritten(a).thenCompose(open -> ask(handle, a, open)));
        return written.handle((_, failure) -> locks.closed(handle, r.node(), owner)
                .thenCombine(failure == null ? Replies.now(Replies.EMPTY) : CompletableFuture.failedFuture(failure),
                        (closed, _) -> closed))
                .thenCompose(all -> all);
    }

    /** FUSE_FSYNC and FUSE_FSYNCDIR: {@code fh[8] fsync_flags[4] padding[4]}. */
    CompletableFuture<ByteBuf> fsync(FuseRequest r) {
        Handle handle = handles.get(r.body().readLongLE());
        boolean dataOnly = (r.body().readIntLE() & DATA_ONLY) != 0;
        return remote.run(handle.user(), a -> handle.openWritten(a).thenCompose(open -> {
            long written = handle.unconfirmed().written();
            return a.ops().sync(open.fid(), dataOnly).thenAccept(_ -> handle.unconfirmed().confirmed(written));
        })).thenApply(Replies::empty);
    }

    /**
     * FUSE_RELEASE and FUSE_RELEASEDIR, when nothing has it open any more: {@code fh[8] flags[4] release_flags[4] lock_owner[8]}. The
     * server ends the locks of its fid with it (rule S10).
     */
    CompletableFuture<ByteBuf> release(FuseRequest r) {
        Handle handle = handles.remove(r.body().readLongLE());
        if (handle == null) {
            throw new FuseException(Errno.EBADF);
        }
        r.body().skipBytes(8);
        locks.forget(r.node(), r.body().readLongLE());
        return handle.close().thenApply(Replies::empty);
    }
}
