package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/** Requests on attributes, extended ones too, and on the file system. Each method starts one, and does not wait. */
final class AttributeRequests {
    /** Of {@code struct fuse_setattr_in} ({@code FATTR_*}). */
    private static final int SET_MODE = 1;
    private static final int SET_UID = 1 << 1;
    private static final int SET_GID = 1 << 2;
    private static final int SET_SIZE = 1 << 3;
    private static final int SET_ATIME = 1 << 4;
    private static final int SET_MTIME = 1 << 5;
    private static final int HAS_HANDLE = 1 << 6;
    private static final int ATIME_NOW = 1 << 7;
    private static final int MTIME_NOW = 1 << 8;
    /** Of {@code FUSE_GETATTR_FH}. */
    private static final int BY_HANDLE = 1;
    /** Of Tsetattr: the times that are given, and not the server's. */
    private static final int WIRE_ATIME_GIVEN = 0x80;
    private static final int WIRE_MTIME_GIVEN = 0x100;
    private static final int WIRE_SAME = SET_MODE | SET_UID | SET_GID | SET_SIZE | SET_ATIME | SET_MTIME;
    private static final int XATTR_LIMIT = 65536;

    private final Remote remote;
    private final InodeTable inodes;
    private final Handles handles;
    private final AttributeWriter attributes;
    private final Owners owners;

    AttributeRequests(Remote remote, InodeTable inodes, Handles handles, AttributeWriter attributes, Owners owners) {
        this.remote = remote;
        this.inodes = inodes;
        this.handles = handles;
        this.attributes = attributes;
        this.owners = owners;
    }

    /** FUSE_GETATTR: {@code getattr_flags[4] dummy[4] fh[8]}. */
    CompletableFuture<ByteBuf> get(FuseRequest r) {
        int flags = r.body().readIntLE();
        r.body().skipBytes(4);
        long handle = r.body().readLongLE();
        return answer((flags & BY_HANDLE) != 0 ? handles.fid(handle) : inodes.fid(r.node()));
    }

    private CompletableFuture<ByteBuf> answer(int fid) {
        return remote.attributes(fid).thenApply(a -> {
            ByteBuf out = Replies.buffer(AttributeWriter.ANSWER);
            attributes.answer(out, a);
            return out;
        });
    }

    /**
     * FUSE_SETATTR ({@code struct fuse_setattr_in}):
     *
     * <pre>
     *   valid[4] padding[4] fh[8] size[8] lock_owner[8] atime[8] mtime[8] ctime[8] atimensec[4] mtimensec[4]
     *       ctimensec[4] mode[4] unused[4] uid[4] gid[4] unused[4]
     * </pre>
     */
    CompletableFuture<ByteBuf> set(FuseRequest r) {
        ByteBuf in = r.body();
        int at = in.readerIndex();
        int valid = in.getIntLE(at);
        int fid = (valid & HAS_HANDLE) != 0 ? handles.fid(in.getLongLE(at + 8)) : inodes.fid(r.node());
        int uid = in.getIntLE(at + 76);
        int gid = in.getIntLE(at + 80);
        int changes = valid & WIRE_SAME;
        if ((changes & (SET_UID | SET_GID)) != 0 && owners.self()) {
            if (!owners.isUnchanged((changes & SET_UID) != 0, uid, (changes & SET_GID) != 0, gid)) {
                throw new FuseException(Errno.EPERM);
            }
            changes &= ~(SET_UID | SET_GID);
        }
        if (changes == 0) {
            return answer(fid);
        }
        if ((changes & SET_ATIME) != 0 && (valid & ATIME_NOW) == 0) {
            changes |= WIRE_ATIME_GIVEN;
        }
        if ((changes & SET_MTIME) != 0 && (valid & MTIME_NOW) == 0) {
            changes |= WIRE_MTIME_GIVEN;
        }
        Tsetattr request = new Tsetattr(fid, changes, in.getIntLE(at + 68) & OpenFlags.PERMISSIONS, uid, gid,
                in.getLongLE(at + 16), in.getLongLE(at + 32), in.getUnsignedIntLE(at + 56), in.getLongLE(at + 40),
                in.getUnsignedIntLE(at + 60));
        return remote.ask(request, Rmessage.class).thenCompose(_ -> answer(fid));
    }

    /**
     * FUSE_STATFS; answered by {@code struct fuse_kstatfs}:
     *
     * <pre>
     *   blocks[8] bfree[8] bavail[8] files[8] ffree[8] bsize[4] namelen[4] frsize[4] padding[4] spare[24]
     * </pre>
     */
    CompletableFuture<ByteBuf> statfs(FuseRequest r) {
        return remote.ask(new Tstatfs(inodes.fid(r.node())), Rstatfs.class).thenApply(s -> Replies.buffer(80)
                .writeLongLE(s.blocks()).writeLongLE(s.bfree()).writeLongLE(s.bavail())
                .writeLongLE(s.files()).writeLongLE(s.ffree())
                .writeIntLE(s.bsize()).writeIntLE(s.namelen()).writeIntLE(s.bsize()).writeZero(28));
    }

    // ---- extended attributes

    /** FUSE_GETXATTR: {@code size[4] padding[4] name}; FUSE_LISTXATTR has no name, and gets all names. */
    CompletableFuture<ByteBuf> getExtended(FuseRequest r, boolean list) {
        int room = r.body().readIntLE();
        r.body().skipBytes(4);
        Text name = list ? Text.EMPTY : r.name();
        int fid = remote.take();
        return remote.ask(new Txattrwalk(inodes.fid(r.node()), fid, name), Rxattrwalk.class)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        remote.free(fid);
                    }
                })
                .thenCompose(found -> value(fid, found.size(), room).whenComplete((_, _) -> remote.clunk(fid)));
    }

    private CompletableFuture<ByteBuf> value(int fid, long size, int room) {
        if (size < 0 || size > XATTR_LIMIT) {
            throw new FuseException(Errno.E2BIG);
        }
        if (room == 0) {
            return Replies.now(Replies.buffer(8).writeIntLE((int) size).writeZero(4));
        }
        if (size > room) {
            throw new FuseException(Errno.ERANGE);
        }
        ByteBuf value = Replies.buffer((int) size);
        return readValue(fid, (int) size, value).whenComplete((_, failure) -> {
            if (failure != null) {
                value.release();
            }
        });
    }

    private CompletableFuture<ByteBuf> readValue(int fid, int size, ByteBuf value) {
        int rest = size - value.readableBytes();
        if (rest == 0) {
            return Replies.now(value);
        }
        int count = Math.min(rest, remote.client().dataSize());
        return remote.ask(new Tread(fid, value.readableBytes(), count), reply -> {
            ByteBuf data = ((Rread) reply).data();
            value.writeBytes(data, data.readerIndex(), data.readableBytes());
            return data.readableBytes();
        }).thenCompose(got -> got == 0 ? Replies.now(value) : readValue(fid, size, value));
    }

    /** FUSE_SETXATTR: {@code size[4] flags[4] name value[size]}. What goes wrong is told when the fid is clunked. */
    CompletableFuture<ByteBuf> setExtended(FuseRequest r) {
        int size = r.body().readIntLE();
        int flags = r.body().readIntLE();
        Text name = r.name();
        byte[] value = new byte[size];
        r.body().readBytes(value);
        return change(inodes.fid(r.node()), name, value, flags);
    }

    /** FUSE_REMOVEXATTR: {@code name}. In 9P2000.L a size of 0 removes. */
    CompletableFuture<ByteBuf> removeExtended(FuseRequest r) {
        return change(inodes.fid(r.node()), r.name(), new byte[0], 0);
    }

    private CompletableFuture<ByteBuf> change(int file, Text name, byte[] value, int flags) {
        return remote.duplicate(file).thenCompose(fid -> remote
                .ask(new Txattrcreate(fid, name, value.length, flags), Rmessage.class)
                .thenCompose(_ -> writeValue(fid, value, 0))
                .handle((_, failure) -> failure)
                .thenCompose(failure -> remote.close(fid).thenCompose(_ -> failure == null
                        ? Replies.now(Replies.EMPTY)
                        : CompletableFuture.failedFuture(failure))));
    }

    private CompletableFuture<Integer> writeValue(int fid, byte[] value, int done) {
        if (done == value.length) {
            return CompletableFuture.completedFuture(done);
        }
        int count = Math.min(value.length - done, remote.client().dataSize());
        return remote.ask(new Twrite(fid, done, Unpooled.wrappedBuffer(value, done, count)), Rwrite.class)
                .thenCompose(written -> {
                    if (written.count() <= 0) {
                        throw new FuseException(Errno.EIO);
                    }
                    return writeValue(fid, value, done + written.count());
                });
    }
}
