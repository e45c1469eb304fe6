package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.FuseRequest;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.wire.message.Rcopyrange;
import dev.ninetunnel.wire.message.Rlseek;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tlseek;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Requests on where open files have room and data, for which a server needs messages of our own. Each method starts one, and does
 * not wait.
 */
final class SpaceRequests {
    private static final int WRITTEN = 8;
    private static final int SOUGHT = 8;

    private final Remote remote;
    private final Handles handles;

    SpaceRequests(Remote remote, Handles handles) {
        this.remote = remote;
        this.handles = handles;
    }

    /** FUSE_FALLOCATE: {@code fh[8] offset[8] length[8] mode[4] padding[4]}. */
    CompletableFuture<ByteBuf> allocate(FuseRequest r) {
        Handle handle = handles.get(r.body().readLongLE());
        long offset = r.body().readLongLE();
        long length = r.body().readLongLE();
        int mode = r.body().readIntLE();
        return onOpen(handle, Errno.EOPNOTSUPP, Repeat.AS_OFTEN_AS_NEEDED, (a, fid) -> setIdsEnd(r, a, fid, handle)
                .thenCompose(_ -> a.calls().ask(new Tfallocate(fid, mode, offset, length), Rmessage.class)))
                .thenApply(Replies::empty);
    }

    /** The kernel does not say here whether the program may set them; root may. */
    private CompletableFuture<Void> setIdsEnd(FuseRequest r, Attachment a, int fid, Handle handle) {
        return r.uid() == 0
                ? CompletableFuture.completedFuture(null)
                : SetIds.end(remote, a, fid, handle.inode());
    }

    /** After this error the kernel does without, or does not ask again. */
    private <R> CompletableFuture<R> onOpen(Handle handle, Errno withoutExtension, Repeat repeat,
            BiFunction<Attachment, Integer, CompletableFuture<R>> ask) {
        return remote.run(handle.user(), repeat, a -> {
            a.requireExtended(withoutExtension);
            return handle.open(a).thenCompose(open -> ask.apply(a, open.fid()));
        });
    }

    /**
     * FUSE_LSEEK, for SEEK_DATA and SEEK_HOLE: {@code fh[8] offset[8] whence[4] padding[4]}; answered by {@code offset[8]}. After ENOSYS
     * the kernel does not ask again, and takes the whole of each file for data.
     */
    CompletableFuture<ByteBuf> seek(FuseRequest r) {
        Handle handle = handles.get(r.body().readLongLE());
        long offset = r.body().readLongLE();
        int whence = r.body().readIntLE();
        return onOpen(handle, Errno.ENOSYS, Repeat.AS_OFTEN_AS_NEEDED,
                (a, fid) -> a.calls().ask(new Tlseek(fid, offset, whence), Rlseek.class))
                .thenApply(found -> Replies.buffer(SOUGHT).writeLongLE(found.offset()));
    }

    /**
     * FUSE_COPY_FILE_RANGE: {@code fh_in[8] off_in[8] nodeid_out[8] fh_out[8] off_out[8] len[8] flags[8]}; answered by {@code size[4]
     * padding[4]}. After EOPNOTSUPP and EXDEV the kernel reads and writes instead.
     */
    CompletableFuture<ByteBuf> copy(FuseRequest r) {
        ByteBuf in = r.body();
        Handle from = handles.get(in.readLongLE());
        long fromOffset = in.readLongLE();
        in.skipBytes(Long.BYTES);
        Handle to = handles.get(in.readLongLE());
        long offset = in.readLongLE();
        int count = (int) Math.min(in.readLongLE(), Integer.MAX_VALUE);
        if (from.user() != to.user()) {
            throw new FuseException(Errno.EXDEV); // a fid of one attach is none in another's name
        }
        return onOpen(to, Errno.EOPNOTSUPP, Repeat.AS_OFTEN_AS_NEEDED, (a, target) -> from.open(a).thenCompose(
                source -> setIdsEnd(r, a, target, to).thenCompose(_ -> a.calls()
                        .ask(new Tcopyrange(target, offset, source.fid(), fromOffset, count), Rcopyrange.class))))
                .thenApply(copied -> Replies.buffer(WRITTEN).writeIntLE(copied.count()).writeZero(4));
    }
}
