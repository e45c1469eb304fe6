package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.Handles.Handle;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Requests on open files. Each method starts one, and does not wait. */
final class FileRequests {
    /** {@code struct fuse_open_out}, in bytes. */
    static final int OPENED = 16;
    private static final int WRITTEN = 8;
    /** What is written at the end must stay in one piece. */
    private static final int PIECE = 256 << 10;
    private static final int DATA_ONLY = 1;

    private final Remote remote;
    private final InodeTable inodes;
    private final Handles handles;
    private final LockRequests locks;

    FileRequests(Remote remote, InodeTable inodes, Handles handles, LockRequests locks) {
        this.remote = remote;
        this.inodes = inodes;
        this.handles = handles;
        this.locks = locks;
    }

    /** FUSE_OPEN and FUSE_OPENDIR: {@code flags[4] open_flags[4]}. */
    CompletableFuture<ByteBuf> open(FuseRequest r, boolean directory) {
        int flags = OpenFlags.wire(r.body().readIntLE(), false);
        return remote.walk(inodes.fid(r.node()), List.of(), fid -> remote.ask(new Tlopen(fid, flags), Rlopen.class))
                .thenApply(made -> {
                    Handle handle = handles.add(made.fid(), directory ? new Directory() : null);
                    ByteBuf out = Replies.buffer(OPENED);
                    opened(out, handle.number());
                    return out;
                });
    }

    /** {@code struct fuse_open_out}: {@code fh[8] open_flags[4] backing_id[4]}. */
    static void opened(ByteBuf out, long handle) {
        out.writeLongLE(handle).writeZero(8);
    }

    /** FUSE_READ: {@code fh[8] offset[8] size[4] read_flags[4] lock_owner[8] flags[4] padding[4]}. */
    CompletableFuture<ByteBuf> read(FuseRequest r) {
        int fid = handles.fid(r.body().readLongLE());
        long offset = r.body().readLongLE();
        int size = r.body().readIntLE();
        // Handed on without a copy. The kernel asks for no more than fits a message: see Negotiation.
        return remote.ask(new Tread(fid, offset, size), reply -> ((Rread) reply).data().retainedSlice());
    }

    /** FUSE_WRITE: {@code fh[8] offset[8] size[4] write_flags[4] lock_owner[8] flags[4] padding[4] data[size]}. */
    CompletableFuture<ByteBuf> write(FuseRequest r) {
        ByteBuf in = r.body();
        int fid = handles.fid(in.readLongLE());
        long offset = in.readLongLE();
        int size = in.readIntLE();
        in.skipBytes(12);
        boolean append = (in.readIntLE() & OpenFlags.APPEND) != 0;
        in.skipBytes(4);
        PiecewiseWrite write = new PiecewiseWrite(append ? size : PIECE);
        return write
                .of(size, (at, count) -> remote.ask(new Twrite(fid, offset + at, in.readSlice(count)), Rwrite.class))
                .thenApply(written -> Replies.buffer(WRITTEN).writeIntLE(written).writeZero(4));
    }

    /** FUSE_FLUSH, at each close(2): {@code fh[8] unused[4] padding[4] lock_owner[8]}. POSIX locks of the owner end. */
    CompletableFuture<ByteBuf> flush(FuseRequest r) {
        int fid = handles.fid(r.body().readLongLE());
        r.body().skipBytes(8);
        return locks.closed(fid, r.node(), r.body().readLongLE());
    }

    /** FUSE_FSYNC and FUSE_FSYNCDIR: {@code fh[8] fsync_flags[4] padding[4]}. */
    CompletableFuture<ByteBuf> fsync(FuseRequest r) {
        int fid = handles.fid(r.body().readLongLE());
        int dataOnly = r.body().readIntLE() & DATA_ONLY;
        return remote.ask(new Tfsync(fid, dataOnly), Rmessage.class).thenApply(Replies::empty);
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
        return remote.close(handle.fid()).thenApply(Replies::empty);
    }
}
