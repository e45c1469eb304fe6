package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.SpaceStatus;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlink;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rmknod;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rrename;
import dev.ninetunnel.wire.message.Rrenameat;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;

/**
 * The messages that 9P2000.L adds, in the order of the diod project's description. The numbers of flags are those of
 * Linux on most machines ({@code asm-generic/fcntl.h}), whatever the machines at both ends are. Called on workers, for
 * one conversation.
 */
final class LinuxMessages {
    static final int ACCESS_MODE = 3;
    static final int EXCLUSIVE = 0200;
    static final int TRUNCATE = 01000;
    static final int APPEND = 02000;
    static final int DATA_SYNC = 010000;
    static final int DIRECTORY = 0200000;
    static final int SYNC = 04000000;
    private static final int REMOVE_DIRECTORY = 0x200;
    static final int PERMISSIONS = 07777;
    /** Bytes of an Rreaddir entry beside its name. */
    private static final int ENTRY_BYTES = Qid.BYTES + 8 + 1 + 2;
    static final int NO_IOUNIT = 0;

    private final Qids qids;
    private final LinuxAttributes attributes;
    private final LinuxLocks locks;
    private final ExtendedAttributes extended;
    private final ExtendedMessages beyond;

    LinuxMessages(Exports exports, ExtendedAttributes extended, LinuxLocks locks) {
        this.qids = exports.qids();
        this.attributes = new LinuxAttributes(exports.qids());
        this.extended = extended;
        this.locks = locks;
        this.beyond = new ExtendedMessages(exports.qids());
    }

    ByteBuf answer(TreeRequest r, Tmessage message) throws FsException {
        return switch (message) {
            case Tstatfs t -> statfs(r);
            case Tlopen t -> open(r, t);
            case Tlcreate t -> create(r, t);
            case Tsymlink t -> symlink(r, t);
            case Tmknod t -> mknod(r, t);
            case Trename t -> rename(r, t);
            case Treadlink t -> readlink(r);
            case Tgetattr t -> attributes.get(r, t);
            case Tsetattr t -> attributes.set(r, t);
            case Txattrwalk t -> extended.walk(r, t);
            case Txattrcreate t -> extended.create(r, t);
            case Treaddir t -> readdir(r, t);
            case Tfsync t -> fsync(r, t);
            case Tlock t -> locks.lock(r, t);
            case Tgetlock t -> locks.conflict(r, t);
            case Tlink t -> link(r, t);
            case Tmkdir t -> mkdir(r, t);
            case Trenameat t -> renameat(r, t);
            case Tunlinkat t -> unlinkat(r, t);
            default -> beyond.answer(r, message);
        };
    }

    private ByteBuf statfs(TreeRequest r) throws FsException {
        SpaceStatus s = r.fid.node.space();
        return r.reply(new Rstatfs(s.type(), s.blockSize(), s.blocks(), s.freeBlocks(), s.availableBlocks(), s.files(),
                s.freeFiles(), s.fileSystemId(), s.nameLength()));
    }

    private ByteBuf open(TreeRequest r, Tlopen t) throws FsException {
        TreeFid fid = r.fid;
        fid.requireUnused();
        OpenHow how = how(t.flags(), false);
        OpenFile file = fid.node.open(how);
        try {
            if (how.truncate()) {
                qids.changed(fid.node.id());
            }
            return r.commit(r.reply(new Rlopen(qid(fid.node), NO_IOUNIT)),
                    () -> fid.use = opened(fid.node, file, how));
        } catch (FsException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private ByteBuf create(TreeRequest r, Tlcreate t) throws FsException {
        TreeFid fid = r.fid;
        fid.requireUnused();
        OpenHow how = how(t.flags(), true);
        Node.Created created = fid.node.create(EntryNames.entry(t.name()), how, t.mode() & PERMISSIONS,
                fid.area.group(t.gid()));
        Node directory = fid.node;
        Node node = created.node();
        try {
            if (how.truncate()) {
                qids.changed(node.id());
            }
            ByteBuf reply = r.commit(r.reply(new Rlcreate(qid(node), NO_IOUNIT)),
                    () -> fid.become(node, t.name(), opened(node, created.file(), how)));
            directory.close();
            return reply;
        } catch (FsException | RuntimeException | Error e) {
            created.file().close();
            node.close();
            throw e;
        }
    }

    static Use.Opened opened(Node node, OpenFile file, OpenHow how) {
        return new Use.Opened(file, node.id().kind() == FileId.Kind.DIRECTORY, how.access().reads(),
                how.access().writes(), false, null);
    }

    /** What Linux's open flags ask for. Flags that mean nothing here are ignored (rule S14). */
    static OpenHow how(int flags, boolean create) throws FsException {
        OpenHow.Access access = switch (flags & ACCESS_MODE) {
            case 0 -> OpenHow.Access.READ;
            case 1 -> OpenHow.Access.WRITE;
            case 2 -> OpenHow.Access.READ_WRITE;
            default -> throw new FsException(Errno.EINVAL);
        };
        if (create && (flags & DIRECTORY) != 0) {
            throw new FsException(Errno.EINVAL); // as open(2) says since Linux 6.4, where it made a file before
        }
        return new OpenHow(access, (flags & APPEND) != 0, (flags & TRUNCATE) != 0,
                create && (flags & EXCLUSIVE) != 0, (flags & DIRECTORY) != 0, (flags & (SYNC | DATA_SYNC)) != 0);
    }

    private ByteBuf symlink(TreeRequest r, Tsymlink t) throws FsException {
        r.fid.requireFile();
        byte[] target = t.target().bytes();
        if (target.length == 0) {
            throw new FsException(Errno.ENOENT);
        }
        for (byte b : target) {
            if (b == 0) {
                throw new FsException(Errno.EINVAL);
            }
        }
        try (Node made = r.fid.node.makeSymlink(EntryNames.entry(t.name()), target, r.fid.area.group(t.gid()))) {
            return r.reply(new Rsymlink(qid(made)));
        }
    }

    private ByteBuf mknod(TreeRequest r, Tmknod t) throws FsException {
        r.fid.requireFile();
        FileId.Kind kind = FileId.Kind.ofMode(t.mode());
        if (kind == FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.EPERM);
        }
        if (kind == FileId.Kind.SYMLINK) {
            throw new FsException(Errno.EINVAL);
        }
        r.fid.area.permit(kind);
        int mode = kind.bits() | (t.mode() & PERMISSIONS);
        int gid = r.fid.area.group(t.gid());
        try (Node made = r.fid.node.makeNode(EntryNames.entry(t.name()), mode, t.major(), t.minor(), gid)) {
            return r.reply(new Rmknod(qid(made)));
        }
    }

    private ByteBuf rename(TreeRequest r, Trename t) throws FsException {
        r.fid.requireFile();
        r.fid.requireBelowTop();
        Node directory = (r.other == null ? r.fid : r.other).node;
        r.fid.node.renameTo(directory, EntryNames.entry(t.name()));
        return r.commit(r.reply(new Rrename()), () -> r.fid.name = t.name());
    }

    private ByteBuf readlink(TreeRequest r) throws FsException {
        r.fid.requireFile();
        return r.reply(new Rreadlink(Text.of(r.fid.node.readLink())));
    }

    /** Whole entries, as many as the count has room for (rule S4). */
    private ByteBuf readdir(TreeRequest r, Treaddir t) throws FsException {
        Use.Opened opened = r.fid.opened();
        if (!opened.directory()) {
            throw new FsException(Errno.ENOTDIR);
        }
        // The offset is a cookie of the file system, which may use all bits of it.
        int count = TreeMessages.count(r, 0, t.count());
        ByteBuf out = TreeMessages.dataFrame(count);
        try {
            opened.file().list(t.offset(),
                    (name, id, cookie) -> entry(out, count, name, shown(r.fid, name, id), cookie));
            return TreeMessages.endData(out, MessageType.RREADDIR, r.tag);
        } catch (FsException | RuntimeException e) {
            out.release();
            throw e;
        }
    }

    /** What is above that which was attached to is not shown: it is its own parent. */
    static FileId shown(TreeFid directory, byte[] name, FileId id) {
        boolean aboveTop = EntryNames.isParent(name) && directory.node.id().equals(directory.area.ceiling());
        return aboveTop ? directory.node.id() : id;
    }

    private boolean entry(ByteBuf out, int count, byte[] name, FileId id, long cookie) throws FsException {
        int filled = out.writerIndex() - TreeMessages.DATA_HEADER;
        if (filled + ENTRY_BYTES + name.length > count) {
            if (filled == 0) {
                // As getdents64(2) says of a buffer that is too small; an empty reply would mean the end.
                throw new FsException(Errno.EINVAL);
            }
            return false;
        }
        qids.ofEntry(id, Dialect.LINUX).write(out);
        out.writeLongLE(cookie).writeByte(id.kind().entryType()).writeShortLE(name.length).writeBytes(name);
        return true;
    }

    private static ByteBuf fsync(TreeRequest r, Tfsync t) throws FsException {
        r.fid.sync(t.datasync() != 0);
        return r.reply(new Rfsync());
    }

    private static ByteBuf link(TreeRequest r, Tlink t) throws FsException {
        r.fid.requireFile();
        Node target = (r.other == null ? r.fid : r.other).node;
        r.fid.node.link(EntryNames.entry(t.name()), target);
        return r.reply(new Rlink());
    }

    private ByteBuf mkdir(TreeRequest r, Tmkdir t) throws FsException {
        r.fid.requireFile();
        int gid = r.fid.area.group(t.gid());
        try (Node made = r.fid.node.makeDirectory(EntryNames.entry(t.name()), t.mode() & PERMISSIONS, gid)) {
            return r.reply(new Rmkdir(qid(made)));
        }
    }

    private static ByteBuf renameat(TreeRequest r, Trenameat t) throws FsException {
        r.fid.requireFile();
        Node to = (r.other == null ? r.fid : r.other).node;
        r.fid.node.rename(EntryNames.entry(t.oldname()), to, EntryNames.entry(t.newname()));
        return r.reply(new Rrenameat());
    }

    private static ByteBuf unlinkat(TreeRequest r, Tunlinkat t) throws FsException {
        r.fid.requireFile();
        if ((t.flags() & ~REMOVE_DIRECTORY) != 0) {
            throw new FsException(Errno.EINVAL);
        }
        r.fid.node.unlink(EntryNames.entry(t.name()), t.flags() == REMOVE_DIRECTORY);
        return r.reply(new Runlinkat());
    }

    private Qid qid(Node node) throws FsException {
        return qids.of(node.attributes(), Dialect.LINUX);
    }
}
