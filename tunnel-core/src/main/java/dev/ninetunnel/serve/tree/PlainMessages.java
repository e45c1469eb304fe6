package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.PlainBits;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;

/**
 * The messages that 9P2000 (and 9P2000.u) has and 9P2000.L has not: open(5), stat(5), and directories that are read like
 * files. Called on workers, for one conversation.
 */
final class PlainMessages {
    /** Modes of opening (open(5)): a way of access, and bits. */
    static final class Mode {
        static final int READ = 0;
        static final int WRITE = 1;
        static final int READ_WRITE = 2;
        static final int EXECUTE = 3;
        static final int TRUNCATE = 0x10;
        static final int CLOSE_ON_EXEC = 0x20;
        static final int REMOVE_ON_CLOSE = 0x40;
        /** Of 9P2000.u. */
        static final int APPEND = 0x80;
        private static final int WAY = 3;

        private Mode() {}
    }

    private static final int NO_IOUNIT = 0;

    private final Qids qids;
    private final PlainBits bits;
    private final Stats stats;
    private final StatChange changes;

    PlainMessages(Exports exports) {
        this.qids = exports.qids();
        this.bits = exports.plainBits();
        this.stats = new Stats(exports);
        this.changes = new StatChange(exports, stats);
    }

    ByteBuf answer(TreeRequest r, Tmessage message) throws FsException {
        return switch (message) {
            case Topen t -> open(r, t);
            case Tcreate t -> create(r, t);
            case Tstat t -> stat(r);
            case Twstat t -> changes.answer(r, t);
            default -> throw new FsException(Errno.EOPNOTSUPP);
        };
    }

    private ByteBuf open(TreeRequest r, Topen t) throws FsException {
        TreeFid fid = r.fid;
        fid.requireUnused();
        Attributes a = fid.node.attributes();
        boolean directory = a.id().kind() == FileId.Kind.DIRECTORY;
        if (directory && (isWriting(t.mode()) || (t.mode() & ~(Mode.CLOSE_ON_EXEC | Mode.WAY)) != 0)) {
            throw new FsException(Errno.EISDIR);
        }
        int kept = bits.of(a);
        OpenHow how = how(fid.dialect(), t.mode(), false, (kept & PlainBits.APPEND) != 0);
        Runnable release = bits.hold(a);
        OpenFile file = null;
        try {
            file = fid.node.open(how);
            if (how.truncate()) {
                qids.changed(a.id());
            }
            ByteBuf reply = r.reply(new Ropen(qids.of(fid.node.attributes(), fid.dialect()), NO_IOUNIT));
            Use use = opened(fid, file, how, directory, t.mode());
            return r.commit(reply, () -> {
                fid.use = use;
                fid.release = release;
            });
        } catch (FsException | RuntimeException | Error e) {
            undo(file, release);
            throw e;
        }
    }

    private static void undo(OpenFile file, Runnable release) {
        if (file != null) {
            file.close();
        }
        if (release != null) {
            release.run();
        }
    }

    private Use.Opened opened(TreeFid fid, OpenFile file, OpenHow how, boolean directory, int mode) {
        StatListing listing = directory ? new StatListing(stats, fid.dialect()) : null;
        return new Use.Opened(file, directory, how.access().reads(), how.access().writes(),
                (mode & Mode.REMOVE_ON_CLOSE) != 0, listing);
    }

    private static boolean isWriting(int mode) {
        int way = mode & Mode.WAY;
        return way == Mode.WRITE || way == Mode.READ_WRITE;
    }

    private static OpenHow how(Dialect dialect, int mode, boolean create, boolean append) throws FsException {
        int known = Mode.WAY | Mode.TRUNCATE | Mode.CLOSE_ON_EXEC | Mode.REMOVE_ON_CLOSE
                | (dialect == Dialect.UNIX ? Mode.APPEND : 0);
        if ((mode & ~known) != 0) {
            throw new FsException(Errno.EINVAL);
        }
        OpenHow.Access access = switch (mode & Mode.WAY) {
            case Mode.WRITE -> OpenHow.Access.WRITE;
            case Mode.READ_WRITE -> OpenHow.Access.READ_WRITE;
            default -> OpenHow.Access.READ;
        };
        // Truncation of what is append-only is no error, but does nothing (open(5)).
        boolean truncate = (mode & Mode.TRUNCATE) != 0 && !append && !create;
        return new OpenHow(access, append || (mode & Mode.APPEND) != 0, truncate, create, false, false);
    }

    /** Makes a file or directory and opens it; it must not be there yet (open(5)). */
    private ByteBuf create(TreeRequest r, Tcreate t) throws FsException {
        TreeFid fid = r.fid;
        fid.requireUnused();
        boolean directory = (t.perm() & Stats.DIRECTORY) != 0;
        OpenHow how = how(fid.dialect(), t.mode(), true, (t.perm() & PlainBits.APPEND) != 0);
        if (directory && (isWriting(t.mode()) || (t.mode() & Mode.TRUNCATE) != 0)) {
            throw new FsException(Errno.EISDIR);
        }
        if (fid.dialect() == Dialect.UNIX && UnixSpecial.isSpecial(t)) {
            return created(r, t, UnixSpecial.make(fid, t, r.other == null ? null : r.other.node), null, null);
        }
        if (directory) {
            Node made = fid.node.makeDirectory(EntryNames.entry(t.name()), permissions(fid, t.perm(), 0777), -1);
            return created(r, t, made, null, OpenHow.READ);
        }
        Node.Created made = fid.node.create(EntryNames.entry(t.name()), how, permissions(fid, t.perm(), 0666), -1);
        return created(r, t, made.node(), made.file(), how);
    }

    /** Has the fid stand for what was made, and be open on it, if it is to be open somehow. Takes both over. */
    private ByteBuf created(TreeRequest r, Tcreate t, Node made, OpenFile opened, OpenHow how) throws FsException {
        TreeFid fid = r.fid;
        Node before = fid.node;
        OpenFile file = opened;
        Runnable release = null;
        try {
            Attributes a = made.attributes();
            boolean directory = a.id().kind() == FileId.Kind.DIRECTORY;
            if (file == null && how != null) {
                file = made.open(how);
            }
            if ((t.perm() & PlainBits.MASK) != 0 && (t.perm() & Stats.DIRECTORY) == 0) {
                bits.set(a, t.perm());
                release = bits.hold(a);
            }
            Use use = file == null ? Use.NONE : opened(fid, file, how, directory, t.mode());
            Runnable held = release;
            ByteBuf reply = r.commit(r.reply(new Rcreate(qids.of(a, fid.dialect()), NO_IOUNIT)), () -> {
                fid.become(made, t.name(), use);
                fid.release = held;
            });
            before.close();
            return reply;
        } catch (FsException | RuntimeException | Error e) {
            undo(file, release);
            made.close();
            throw e;
        }
    }

    /**
     * The permissions of a new file: those asked for, less what its directory does not have, of the bits in the mask
     * (open(5)). In 9P2000.u they are what the client's umask has left of them.
     */
    private static int permissions(TreeFid directory, int asked, int mask) throws FsException {
        if (directory.dialect() == Dialect.UNIX) {
            return (asked & Stats.PERMISSIONS) | Stats.specialBits(asked);
        }
        return asked & Stats.PERMISSIONS & (~mask | (directory.node.attributes().mode() & mask));
    }

    private ByteBuf stat(TreeRequest r) throws FsException {
        TreeFid fid = r.fid;
        return r.reply(new Rstat(stats.of(fid.node, fid.node.attributes(), name(fid), fid.dialect())));
    }

    /** The name that it has now, or had last. */
    static Text name(TreeFid fid) {
        try {
            byte[] name = fid.node.name();
            boolean topOfExport = name.length == 0 && fid.area.belowRoot();
            return topOfExport ? fid.name : Text.of(name);
        } catch (FsException e) {
            return fid.name;
        }
    }

    /** A read of an open directory: whole records (rule S5). */
    ByteBuf readDirectory(TreeRequest r, Use.Opened opened, long offset, int count) throws FsException {
        ByteBuf out = TreeMessages.dataFrame(count);
        try {
            opened.listing().read(r.fid.node, opened.file(), offset, count, out);
            return TreeMessages.endData(out, MessageType.RREAD, r.tag);
        } catch (FsException | RuntimeException e) {
            out.release();
            throw e;
        }
    }
}
