package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.Handles.Handle;
import dev.ninetunnel.fuse.Remote.Made;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlink;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rtmpfile;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Tunlinkat;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Requests on names: to look them up, make and remove them. Each method starts one, and does not wait. */
final class NameRequests {
    private static final int REMOVE_DIRECTORY = 0x200;

    private final Remote remote;
    private final InodeTable inodes;
    private final Handles handles;
    private final AttributeWriter attributes;

    NameRequests(Remote remote, InodeTable inodes, Handles handles, AttributeWriter attributes) {
        this.remote = remote;
        this.inodes = inodes;
        this.handles = handles;
        this.attributes = attributes;
    }

    /** FUSE_LOOKUP: {@code name}. */
    CompletableFuture<ByteBuf> lookup(FuseRequest r) {
        return entry(inodes.fid(r.node()), r.name());
    }

    /** What the kernel gets of a file that it did not know, or made. */
    private CompletableFuture<ByteBuf> entry(int directory, Text name) {
        return find(directory, name).thenApply(entry -> {
            ByteBuf out = Replies.buffer(AttributeWriter.ENTRY);
            attributes.entry(out, entry.inode, entry.attributes);
            return out;
        });
    }

    /** A file that the answer to come names to the kernel. */
    record Entry(Inode inode, Rgetattr attributes) {}

    /** Walks to a file and asks what it is. */
    CompletableFuture<Entry> find(int directory, Text name) {
        return remote.walk(directory, List.of(name), remote::attributes).thenApply(this::entry);
    }

    /** The fid is the table's from here on. */
    private Entry entry(Made<Rgetattr> made) {
        return new Entry(inodes.found(made.fid(), made.answer().qid().path()), made.answer());
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
        int directory = inodes.fid(r.node());
        return remote.walk(directory, List.of(),
                fid -> remote.ask(new Tlcreate(fid, name, OpenFlags.wire(flags, true), mode & OpenFlags.PERMISSIONS,
                        r.gid()), Rlcreate.class))
                .thenCompose(made -> orClunk(made.fid(), created(directory, name, made.fid(), made.answer())));
    }

    /**
     * The fid that made the file is open, so another one has to stand for it. Servers of ours give that without another look at the
     * name; what they pass on to may not.
     */
    private CompletableFuture<ByteBuf> created(int directory, Text name, int open, Rlcreate made) {
        return remote.client().extended()
                ? duplicated(open).exceptionallyCompose(_ -> found(directory, name, open, made))
                : found(directory, name, open, made);
    }

    private CompletableFuture<ByteBuf> found(int directory, Text name, int open, Rlcreate made) {
        return find(directory, name).thenApply(entry -> {
            if (entry.inode.path() != made.qid().path()) {
                inodes.forget(entry.inode.number(), 1);
                throw new FuseException(Errno.ESTALE);
            }
            return opened(entry, open);
        });
    }

    private ByteBuf opened(Entry entry, int open) {
        Handle handle = handles.add(open, null);
        ByteBuf out = Replies.buffer(AttributeWriter.ENTRY + FileRequests.OPENED);
        attributes.entry(out, entry.inode, entry.attributes);
        FileRequests.opened(out, handle.number());
        return out;
    }

    /** FUSE_TMPFILE: as FUSE_CREATE, and the name says nothing. */
    CompletableFuture<ByteBuf> createUnnamed(FuseRequest r) {
        remote.requireExtended();
        int flags = r.body().readIntLE();
        int mode = r.body().readIntLE();
        return remote.walk(inodes.fid(r.node()), List.of(),
                fid -> remote.ask(new Ttmpfile(fid, OpenFlags.wire(flags, true), mode & OpenFlags.PERMISSIONS, r.gid()),
                        Rtmpfile.class))
                .thenCompose(made -> orClunk(made.fid(), duplicated(made.fid())));
    }

    /** Another fid for what is open, which servers of ours give. */
    private CompletableFuture<ByteBuf> duplicated(int open) {
        return remote.walk(open, List.of(), remote::attributes).thenApply(made -> opened(entry(made), open));
    }

    private <R> CompletableFuture<R> orClunk(int fid, CompletableFuture<R> answer) {
        return answer.whenComplete((_, failure) -> {
            if (failure != null) {
                remote.clunk(fid);
            }
        });
    }

    /** FUSE_MKDIR: {@code mode[4] umask[4] name}. */
    CompletableFuture<ByteBuf> mkdir(FuseRequest r) {
        int mode = r.body().readIntLE();
        r.body().skipBytes(4);
        Text name = r.name();
        int directory = inodes.fid(r.node());
        return make(new Tmkdir(directory, name, mode & OpenFlags.PERMISSIONS, r.gid()), directory, name);
    }

    /** FUSE_MKNOD: {@code mode[4] rdev[4] umask[4] padding[4] name}; rdev as {@code new_encode_dev} has it. */
    CompletableFuture<ByteBuf> mknod(FuseRequest r) {
        int mode = r.body().readIntLE();
        int device = r.body().readIntLE();
        r.body().skipBytes(8);
        Text name = r.name();
        int directory = inodes.fid(r.node());
        int major = device >> 8 & 0xfff;
        int minor = (device & 0xff) | (device >> 12 & 0xfff00);
        return make(new Tmknod(directory, name, mode, major, minor, r.gid()), directory, name);
    }

    /** FUSE_SYMLINK: {@code name target}. */
    CompletableFuture<ByteBuf> symlink(FuseRequest r) {
        Text name = r.name();
        Text target = r.name();
        int directory = inodes.fid(r.node());
        return make(new Tsymlink(directory, name, target, r.gid()), directory, name);
    }

    /** FUSE_LINK: {@code oldnodeid[8] name}. */
    CompletableFuture<ByteBuf> link(FuseRequest r) {
        int target = inodes.fid(r.body().readLongLE());
        Text name = r.name();
        int directory = inodes.fid(r.node());
        return remote.ask(new Tlink(directory, target, name), Rlink.class).thenCompose(_ -> entry(directory, name));
    }

    private CompletableFuture<ByteBuf> make(Tmessage request, int directory, Text name) {
        return remote.ask(request, Rmessage.class).thenCompose(_ -> entry(directory, name));
    }

    /** FUSE_UNLINK and FUSE_RMDIR: {@code name}. */
    CompletableFuture<ByteBuf> remove(FuseRequest r, boolean directory) {
        return remote.ask(new Tunlinkat(inodes.fid(r.node()), r.name(), directory ? REMOVE_DIRECTORY : 0),
                Rmessage.class).thenApply(Replies::empty);
    }

    /** FUSE_RENAME: {@code newdir[8] oldname newname}; FUSE_RENAME2: {@code newdir[8] flags[4] padding[4] oldname newname}. */
    CompletableFuture<ByteBuf> rename(FuseRequest r, boolean hasFlags) {
        int from = inodes.fid(r.node());
        int into = inodes.fid(r.body().readLongLE());
        int flags = 0;
        if (hasFlags) {
            flags = r.body().readIntLE();
            r.body().skipBytes(4);
        }
        if (flags != 0 && !remote.client().extended()) {
            throw new FuseException(Errno.EINVAL); // as a file system that does not know the flag (renameat2(2))
        }
        Tmessage request = flags == 0
                ? new Trenameat(from, r.name(), into, r.name())
                : new Trenameat2(from, r.name(), into, r.name(), flags);
        return remote.ask(request, Rmessage.class).thenApply(Replies::empty);
    }

    /** FUSE_READLINK. */
    CompletableFuture<ByteBuf> readlink(FuseRequest r) {
        return remote.ask(new Treadlink(inodes.fid(r.node())), Rreadlink.class).thenApply(link -> {
            byte[] target = link.target().bytes();
            return Replies.buffer(target.length).writeBytes(target);
        });
    }
}
