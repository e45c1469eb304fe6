package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.message.Rcopyrange;
import dev.ninetunnel.wire.message.Rlseek;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tlseek;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

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
        remote.requireExtended();
        int fid = handles.fid(r.body().readLongLE());
        long offset = r.body().readLongLE();
        long length = r.body().readLongLE();
        return remote.ask(new Tfallocate(fid, r.body().readIntLE(), offset, length), Rmessage.class)
                .thenApply(Replies::empty);
    }

    /**
     * FUSE_LSEEK, for SEEK_DATA and SEEK_HOLE: {@code fh[8] offset[8] whence[4] padding[4]}; answered by {@code offset[8]}. After ENOSYS
     * the kernel does not ask again, and takes the whole of each file for data.
     */
    CompletableFuture<ByteBuf> seek(FuseRequest r) {
        if (!remote.client().extended()) {
            throw new FuseException(Errno.ENOSYS);
        }
        int fid = handles.fid(r.body().readLongLE());
        long offset = r.body().readLongLE();
        return remote.ask(new Tlseek(fid, offset, r.body().readIntLE()), Rlseek.class)
                .thenApply(found -> Replies.buffer(SOUGHT).writeLongLE(found.offset()));
    }

    /**
     * FUSE_COPY_FILE_RANGE: {@code fh_in[8] off_in[8] nodeid_out[8] fh_out[8] off_out[8] len[8] flags[8]}; answered by {@code size[4]
     * padding[4]}. After EOPNOTSUPP and EXDEV the kernel reads and writes instead.
     */
    CompletableFuture<ByteBuf> copy(FuseRequest r) {
        remote.requireExtended();
        ByteBuf in = r.body();
        int from = handles.fid(in.readLongLE());
        long fromOffset = in.readLongLE();
        in.skipBytes(Long.BYTES);
        int to = handles.fid(in.readLongLE());
        long offset = in.readLongLE();
        int count = (int) Math.min(in.readLongLE(), Integer.MAX_VALUE);
        return remote.ask(new Tcopyrange(to, offset, from, fromOffset, count), Rcopyrange.class)
                .thenApply(copied -> Replies.buffer(WRITTEN).writeIntLE(copied.count()).writeZero(4));
    }
}
