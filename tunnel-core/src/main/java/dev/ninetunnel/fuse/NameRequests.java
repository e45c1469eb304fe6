package dev.ninetunnel.fuse;

import dev.ninetunnel.client.DialectOps;
import dev.ninetunnel.client.DialectOps.Opened;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.Handle.OpenFid;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.FuseRequest;
import dev.ninetunnel.fuse.kernel.OpenFlags;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rtmpfile;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Ttmpfile;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Requests on names: to look them up, make and remove them. Each method starts one, and does not wait. */
final class NameRequests {
    /** {@code RENAME_EXCHANGE}. */
    private static final int EXCHANGE = 2;

    private final Remote remote;
    private final InodeTable inodes;
    private final Handles handles;
    private final AttributeWriter attributes;
    private final Semaphore aheadRoom;

    NameRequests(Remote remote, InodeTable inodes, Handles handles, AttributeWriter attributes,
            Semaphore aheadRoom) {
        this.remote = remote;
        this.inodes = inodes;
        this.handles = handles;
        this.attributes = attributes;
        this.aheadRoom = aheadRoom;
    }

    /** FUSE_LOOKUP: {@code name}. */
    CompletableFuture<ByteBuf> lookup(FuseRequest r) {
        return entry(r, inodes.get(r.node()), r.name()).exceptionallyCompose(failure -> {
            if (FuseException.cause(failure) instanceof AbsentException absent && absent.nanos() > 0) {
                ByteBuf out = Replies.buffer(AttributeWriter.ENTRY);
                attributes.absent(out, absent.nanos());
                return Replies.now(out);
            }
            return CompletableFuture.failedFuture(failure);
        });
    }

    /** What the kernel gets of a file that it did not know, or made. */
    private CompletableFuture<ByteBuf> entry(FuseRequest r, Inode directory, Text name) {
        return remote.run(r.uid(), a -> find(a, directory, name)).thenApply(entry -> {
            ByteBuf out = Replies.buffer(AttributeWriter.ENTRY);
            write(out, entry);
            return out;
        });
    }

    private void write(ByteBuf out, Entry entry) {
        attributes.entry(out, entry.inode, entry.attributes, entry.nameNanos(), entry.attributeNanos());
    }

    /**
     * A file that the answer to come names to the kernel.
     *
     * @param names the lease by which its name may be kept, which was held when it was asked for; or null
     * @param by the lease by which its attributes may be kept; or null
     */
    record Entry(Inode inode, Rgetattr attributes, Grant names, Grant by) {
        long nameNanos() {
            return names == null ? 0 : names.namesNanos();
        }

        long attributeNanos() {
            return by == null ? 0 : by.attributesNanos();
        }
    }

    /** A name is absent, by a lease on the names of its directory. */
    private static final class AbsentException extends FuseException {
        private static final long serialVersionUID = 1L;

        private final transient Grant names;

        AbsentException(Grant names) {
            super(Errno.ENOENT);
            this.names = names;
        }

        long nanos() {
            return names.namesNanos();
        }
    }

    /** Walks to a file and asks what it is. */
    CompletableFuture<Entry> find(Attachment a, Inode directory, Text name) {
        AtomicReference<Grant> by = new AtomicReference<>();
        AtomicReference<Grant> absent = new AtomicReference<>();
        AtomicReference<Grant> names = new AtomicReference<>();
        return a.on(directory, fid -> {
            names.set(a.namesOf(directory, fid));
            return a.walk(a.calls(LeaseKinds.NAMES, absent::set), fid, List.of(name),
                    a.ops(LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES, by::set)::attributes);
        }).thenApply(file -> {
            Inode inode = inodes.found(directory, name, file.answer());
            a.keep(inode, file.fid());
            inode.kept().by(by.get());
            return new Entry(inode, file.answer(), names.get(), by.get());
        }).exceptionallyCompose(failure -> {
            boolean isKnown = absent.get() != null && FuseException.errno(failure) == Errno.ENOENT.number();
            if (isKnown) {
                directory.kept().by(absent.get());
            }
            return CompletableFuture.failedFuture(isKnown ? new AbsentException(absent.get()) : failure);
        });
    }

    /** FUSE_FORGET: {@code nlookup[8]}. */
    void forget(FuseRequest r) {
        inodes.forget(r.node(), r.body().readLongLE());
    }

    /** FUSE_BATCH_FORGET: {@code count[4] dummy[4] count*(nodeid[8] nlookup[8])}. */
    void forgetMany(FuseRequest r) {
        int count = r.body().readIntLE();
        r.body().skipBytes(Integer.BYTES);
        for (int i = 0; i < count; i++) {
            inodes.forget(r.body().readLongLE(), r.body().readLongLE());
        }
    }

    /** FUSE_CREATE: {@code flags[4] mode[4] umask[4] open_flags[4] name}. */
    CompletableFuture<ByteBuf> create(FuseRequest r) {
        int flags = r.body().readIntLE();
        int mode = r.body().readIntLE();
        r.body().skipBytes(8);
        Text name = r.name();
        Inode directory = inodes.get(r.node());
        Repeat repeat = OpenFlags.isExclusive(flags) ? Repeat.UNLESS_THERE : Repeat.AS_OFTEN_AS_NEEDED;
        return remote.run(r.uid(), repeat, a -> a.on(directory, a::copy).thenCompose(fid -> a
                .withRoom(() -> a.ops().create(fid, name, OpenFlags.wire(flags, true), mode & OpenFlags.PERMISSIONS,
                        r.gid()))
                .thenCompose(made -> created(r, a, directory, name, fid, flags, made))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        a.calls().clunk(fid);
                    }
                })));
    }

    /** The fid that made the file is open, so another one has to stand for it. */
    private CompletableFuture<ByteBuf> created(FuseRequest r, Attachment a, Inode directory, Text name, int open,
            int flags, Opened made) {
        return find(a, directory, name).thenApply(entry -> {
            if (!entry.inode.is(made.qid())) {
                inodes.forget(entry.inode.number(), 1);
                throw new FuseException(Errno.ESTALE);
            }
            return opened(r, entry, flags, OpenFid.of(a, open, made));
        });
    }

    private ByteBuf opened(FuseRequest r, Entry entry, int flags, OpenFid open) {
        entry.inode.kept().opened(OpenFlags.writes(flags));
        Handle handle = handles.add(new Handle(entry.inode, r.uid(), OpenFlags.wire(flags, false), null,
                new ReadAhead(entry.inode.kept(), aheadRoom), open));
        ByteBuf out = Replies.buffer(AttributeWriter.ENTRY + FileRequests.OPENED);
        write(out, entry);
        FileRequests.opened(out, handle.number(), 0);
        return out;
    }

    /** FUSE_TMPFILE: as FUSE_CREATE, and the name says nothing. */
    CompletableFuture<ByteBuf> createUnnamed(FuseRequest r) {
        int flags = r.body().readIntLE();
        int mode = r.body().readIntLE() & OpenFlags.PERMISSIONS;
        Inode directory = inodes.get(r.node());
        return remote.run(r.uid(), a -> {
            a.requireExtended(Errno.EOPNOTSUPP);
            return a.on(directory, a::copy).thenCompose(open -> a.calls()
                    .ask(new Ttmpfile(open, OpenFlags.wire(flags, true), mode, r.gid()), Rtmpfile.class)
                    .thenCompose(made -> a.copy(open).thenCompose(fid -> unnamed(a, fid))
                            .thenApply(entry -> opened(r, entry, flags,
                                    OpenFid.of(a, open, new Opened(made.qid(), made.iounit())))))
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            a.calls().clunk(open);
                        }
                    }));
        });
    }

    private CompletableFuture<Entry> unnamed(Attachment a, int fid) {
        return a.ops().attributes(fid).thenApply(is -> {
            Inode inode = inodes.unnamed(is);
            a.keep(inode, fid);
            return new Entry(inode, is, null, null);
        }).whenComplete((_, failure) -> {
            if (failure != null) {
                a.calls().clunk(fid);
            }
        });
    }

    /** FUSE_MKDIR: {@code mode[4] umask[4] name}. */
    CompletableFuture<ByteBuf> mkdir(FuseRequest r) {
        int mode = r.body().readIntLE() & OpenFlags.PERMISSIONS;
        r.body().skipBytes(4);
        Text name = r.name();
        return make(r, name, (a, directory) -> a.ops().makeDirectory(directory, name, mode, r.gid()));
    }

    /** FUSE_MKNOD: {@code mode[4] rdev[4] umask[4] padding[4] name}; rdev as {@code new_encode_dev} has it. */
    CompletableFuture<ByteBuf> mknod(FuseRequest r) {
        int mode = r.body().readIntLE();
        int device = r.body().readIntLE();
        r.body().skipBytes(8);
        Text name = r.name();
        int major = device >> 8 & 0xfff;
        int minor = (device & 0xff) | (device >> 12 & 0xfff00);
        return make(r, name, (a, directory) -> a.ops().makeNode(directory, name, mode, major, minor, r.gid()));
    }

    /** FUSE_SYMLINK: {@code name target}. */
    CompletableFuture<ByteBuf> symlink(FuseRequest r) {
        Text name = r.name();
        Text target = r.name();
        return make(r, name, (a, directory) -> a.ops().makeLink(directory, name, target, r.gid()));
    }

    /** FUSE_LINK: {@code oldnodeid[8] name}. */
    CompletableFuture<ByteBuf> link(FuseRequest r) {
        Inode target = inodes.get(r.body().readLongLE());
        Text name = r.name();
        return make(r, name,
                (a, directory) -> a.on(target, file -> a.ops().link(directory, name, file)));
    }

    @FunctionalInterface
    private interface Making {
        CompletableFuture<Void> in(Attachment attachment, int directory);
    }

    private CompletableFuture<ByteBuf> make(FuseRequest r, Text name, Making making) {
        Inode directory = inodes.get(r.node());
        return remote.run(r.uid(), Repeat.UNLESS_THERE, a -> a.on(directory, fid -> making.in(a, fid)))
                .thenCompose(_ -> entry(r, directory, name));
    }

    /** FUSE_UNLINK and FUSE_RMDIR: {@code name}. */
    CompletableFuture<ByteBuf> remove(FuseRequest r, boolean isDirectory) {
        Inode.Place place = new Inode.Place(inodes.get(r.node()), r.name());
        return remote.run(r.uid(), Repeat.UNTIL_GONE, a -> a.on(place.directory(),
                fid -> a.ops().remove(new DialectOps.Place(fid, place.name()), isDirectory)))
                .thenApply(_ -> {
                    inodes.removed(place);
                    return Replies.EMPTY;
                });
    }

    /** FUSE_RENAME: {@code newdir[8] oldname newname}; FUSE_RENAME2: {@code newdir[8] flags[4] padding[4] oldname newname}. */
    CompletableFuture<ByteBuf> rename(FuseRequest r, boolean hasFlags) {
        Inode into = inodes.get(r.body().readLongLE());
        int flags = hasFlags ? r.body().readIntLE() : 0;
        r.body().skipBytes(hasFlags ? 4 : 0);
        Inode.Place from = new Inode.Place(inodes.get(r.node()), r.name());
        Inode.Place to = new Inode.Place(into, r.name());
        return remote.run(r.uid(), Repeat.NEVER, a -> rename(a, from, to, flags)).thenApply(_ -> {
            if ((flags & EXCHANGE) != 0) {
                inodes.exchanged(from, to);
            } else {
                inodes.renamed(from, to).ifPresent(remote::renamed);
            }
            return Replies.EMPTY;
        });
    }

    private static CompletableFuture<Void> rename(Attachment a, Inode.Place from, Inode.Place to, int flags) {
        if (flags != 0) {
            a.requireExtended(Errno.EINVAL); // as a file system that does not know the flag (renameat2(2))
        }
        boolean sameDirectory = from.directory() == to.directory();
        return a.on(from.directory(), source -> a.on(to.directory(), target -> flags == 0
                ? a.ops().rename(new DialectOps.Place(source, from.name()), new DialectOps.Place(target, to.name()),
                        sameDirectory)
                : a.calls().ask(new Trenameat2(source, from.name(), target, to.name(), flags), Rmessage.class)
                        .thenApply(_ -> null)));
    }

    /** FUSE_READLINK. */
    CompletableFuture<ByteBuf> readlink(FuseRequest r) {
        Inode inode = inodes.get(r.node());
        return remote.run(r.uid(), a -> a.on(inode, a.ops()::readLink)).thenApply(link -> {
            byte[] target = link.bytes();
            return Replies.buffer(target.length).writeBytes(target);
        });
    }
}
