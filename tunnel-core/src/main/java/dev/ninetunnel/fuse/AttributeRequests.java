package dev.ninetunnel.fuse;

import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.FuseRequest;
import dev.ninetunnel.fuse.kernel.Negotiation;
import dev.ninetunnel.fuse.kernel.OpenFlags;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Tsetattr;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

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
    private static final int ENDS_SET_IDS = 1 << 11;
    /** Of {@code FUSE_GETATTR_FH}. */
    private static final int BY_HANDLE = 1;
    /** Of Tsetattr: the times that are given, and not the server's. */
    private static final int WIRE_ATIME_GIVEN = 0x80;
    private static final int WIRE_MTIME_GIVEN = 0x100;
    private static final int WIRE_SAME = SET_MODE | SET_UID | SET_GID | SET_SIZE | SET_ATIME | SET_MTIME;
    private static final int LONGEST_NAME = 255;
    /** Of FUSE_ACCESS, as of access(2). */
    private static final int MAY_EXECUTE = 1;
    private static final int MAY_WRITE = 1 << 1;
    private static final int MAY_READ = 1 << 2;
    private static final int ANY_EXECUTE = 0111;
    /** Of open(2), as on the wire. */
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int READ_WRITE = 2;

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
        return get(r, (flags & BY_HANDLE) != 0 ? handles.get(handle) : null);
    }

    /** Of what is open if there is a handle, which may have been removed meanwhile. */
    private CompletableFuture<ByteBuf> get(FuseRequest r, Handle handle) {
        Inode inode = inodes.get(r.node());
        AtomicReference<Grant> by = new AtomicReference<>();
        return onFile(r, handle, (a, fid) -> a.ops(LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES, by::set).attributes(fid))
                .thenApply(is -> {
                    inode.kept().by(by.get());
                    inode.told(is);
                    ByteBuf out = Replies.buffer(AttributeWriter.ANSWER);
                    attributes.answer(out, is, by.get() == null ? 0 : by.get().attributesNanos());
                    return out;
                });
    }

    private <R> CompletableFuture<R> onFile(FuseRequest r, Handle handle,
            BiFunction<Attachment, Integer, CompletableFuture<R>> ask) {
        return handle != null
                ? remote.run(handle.user(), a -> handle.open(a).thenCompose(open -> ask.apply(a, open.fid())))
                : onInode(r, Repeat.AS_OFTEN_AS_NEEDED, ask);
    }

    private <R> CompletableFuture<R> onInode(FuseRequest r, Repeat repeat,
            BiFunction<Attachment, Integer, CompletableFuture<R>> ask) {
        Inode inode = inodes.get(r.node());
        return remote.run(r.uid(), repeat, a -> a.on(inode, fid -> ask.apply(a, fid)));
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
        Handle handle = (valid & HAS_HANDLE) != 0 ? handles.get(in.getLongLE(at + 8)) : null;
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
            return get(r, handle);
        }
        if ((changes & SET_ATIME) != 0 && (valid & ATIME_NOW) == 0) {
            changes |= WIRE_ATIME_GIVEN;
        }
        if ((changes & SET_MTIME) != 0 && (valid & MTIME_NOW) == 0) {
            changes |= WIRE_MTIME_GIVEN;
        }
        Tsetattr change = new Tsetattr(0, changes, in.getIntLE(at + 68) & OpenFlags.PERMISSIONS, uid, gid,
                in.getLongLE(at + 16), in.getLongLE(at + 32), in.getUnsignedIntLE(at + 56), in.getLongLE(at + 40),
                in.getUnsignedIntLE(at + 60));
        Inode inode = inodes.get(r.node());
        boolean endsSetIds = (valid & ENDS_SET_IDS) != 0;
        boolean resizes = (changes & SET_SIZE) != 0;
        if (resizes) {
            inode.kept().resizes();
        }
        return onFile(r, handle, (a, fid) -> (endsSetIds
                ? SetIds.end(remote, a, fid, inode)
                : CompletableFuture.<Void>completedFuture(null))
                .thenCompose(_ -> a.ops().setAttributes(change.of(fid), inode.isDirectory()))).whenComplete((_, _) -> {
                    if (resizes) {
                        inode.kept().resized();
                    }
                })
                .thenCompose(_ -> get(r, handle));
    }

    /**
     * FUSE_ACCESS: {@code mask[4] padding[4]}, of access(2) and chdir(2), where the kernel itself does not look at modes. Whether a file may
     * be read and written is known to the server alone, which is asked to open it. Directories say what they refuse when it is tried.
     */
    CompletableFuture<ByteBuf> access(FuseRequest r) {
        int mask = r.body().readIntLE();
        if (mask == 0 || FileKind.ofMode(inodes.get(r.node()).mode()) != FileKind.FILE) {
            return Replies.now(Replies.EMPTY);
        }
        return onInode(r, Repeat.AS_OFTEN_AS_NEEDED, (a, fid) -> (mask & MAY_EXECUTE) == 0
                ? open(a, fid, mask)
                : a.ops().attributes(fid).thenCompose(is -> (is.mode() & ANY_EXECUTE) == 0
                        ? CompletableFuture.failedFuture(new FuseException(Errno.EACCES))
                        : open(a, fid, mask)))
                .thenApply(Replies::empty);
    }

    /** In 9P2000 to open a file may do something, as with those that Plan 9 makes up: there it is not tried. */
    private static CompletableFuture<Void> open(Attachment a, int file, int mask) {
        if ((mask & (MAY_READ | MAY_WRITE)) == 0 || !a.ops().tellsAll()) {
            return CompletableFuture.completedFuture(null);
        }
        int access = (mask & MAY_WRITE) == 0 ? READ_ONLY : (mask & MAY_READ) == 0 ? WRITE_ONLY : READ_WRITE;
        return a.walk(file, List.of(), fid -> a.ops().open(fid, access))
                .thenCompose(made -> a.calls().clunk(made.fid()));
    }

    /**
     * FUSE_STATFS; answered by {@code struct fuse_kstatfs}:
     *
     * <pre>
     *   blocks[8] bfree[8] bavail[8] files[8] ffree[8] bsize[4] namelen[4] frsize[4] padding[4] spare[24]
     * </pre>
     */
    CompletableFuture<ByteBuf> statfs(FuseRequest r) {
        return onInode(r, Repeat.AS_OFTEN_AS_NEEDED, AttributeRequests::room).thenApply(s -> Replies.buffer(80)
                .writeLongLE(s.blocks()).writeLongLE(s.bfree()).writeLongLE(s.bavail())
                .writeLongLE(s.files()).writeLongLE(s.ffree())
                .writeIntLE(s.bsize()).writeIntLE(s.namelen()).writeIntLE(s.bsize()).writeZero(28));
    }

    /** Where the dialect does not tell, nothing is known but what names may have, as with the kernel's client. */
    private static CompletableFuture<Rstatfs> room(Attachment a, int fid) {
        return a.ops().tellsAll()
                ? a.ops().statfs(fid)
                : CompletableFuture.completedFuture(new Rstatfs(0, Negotiation.PAGE, 0, 0, 0, 0, 0, 0, LONGEST_NAME));
    }

    // ---- extended attributes

    /** FUSE_GETXATTR: {@code size[4] padding[4] name}; FUSE_LISTXATTR has no name, and gets all names. */
    CompletableFuture<ByteBuf> getExtended(FuseRequest r, boolean list) {
        int room = r.body().readIntLE();
        r.body().skipBytes(4);
        Text name = list ? Text.EMPTY : r.name();
        return onInode(r, Repeat.AS_OFTEN_AS_NEEDED,
                (a, file) -> ExtendedAttribute.find(a, file, name).thenCompose(value -> value.read(room)));
    }

    /**
     * FUSE_SETXATTR: {@code size[4] flags[4] name value[size]}. What goes wrong is told when the fid is clunked. 9P2000.L has no message
     * for a value without bytes, which to it is a removal.
     */
    CompletableFuture<ByteBuf> setExtended(FuseRequest r) {
        int size = r.body().readIntLE();
        if (size == 0) {
            throw new FuseException(Errno.EOPNOTSUPP);
        }
        int flags = r.body().readIntLE();
        Text name = r.name();
        byte[] value = new byte[size];
        r.body().readBytes(value);
        return onInode(r, Repeat.UNLESS_THERE, (a, file) -> ExtendedAttribute.set(a, file, name, value, flags))
                .thenCompose(_ -> changed(r)).thenApply(Replies::empty);
    }

    /** FUSE_REMOVEXATTR: {@code name}. In 9P2000.L a size of 0 removes. */
    CompletableFuture<ByteBuf> removeExtended(FuseRequest r) {
        Text name = r.name();
        return onInode(r, Repeat.AS_OFTEN_AS_NEEDED,
                (a, file) -> ExtendedAttribute.set(a, file, name, new byte[0], 0)).thenCompose(_ -> changed(r))
                .thenApply(Replies::empty);
    }

    /** An access list changes the mode as well, which the kernel does not know of a change of its own. */
    private CompletableFuture<Void> changed(FuseRequest r) {
        return remote.forgetAttributes(inodes.get(r.node()));
    }
}
