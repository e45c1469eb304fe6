package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rchecksum;
import dev.ninetunnel.wire.message.Rcopyrange;
import dev.ninetunnel.wire.message.Rfallocate;
import dev.ninetunnel.wire.message.Rlseek;
import dev.ninetunnel.wire.message.Rput;
import dev.ninetunnel.wire.message.Rrenameat2;
import dev.ninetunnel.wire.message.Rtmpfile;
import dev.ninetunnel.wire.message.Tchecksum;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Ttmpfile;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** The messages of our own, for what Linux has and 9P2000.L lacks. Numbers of flags are Linux's. Called on workers. */
final class ExtendedMessages {
    private static final int NO_REPLACE = 1;
    static final int EXCHANGE = 2;

    /** Of a file that nobody else has a name for yet. */
    private static final OpenHow NEW = new OpenHow(OpenHow.Access.WRITE, false, false, true, false, false);

    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 16;

    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    /** What one request goes through at most, in bytes, so that it can be cancelled and holds its worker for no more than a moment. */
    private static final long MOST_AT_ONCE = 16 << 20;

    private final Qids qids;

    ExtendedMessages(Qids qids) {
        this.qids = qids;
    }

    ByteBuf answer(TreeRequest r, Tmessage message) throws FsException {
        return switch (message) {
            case Trenameat2 t -> rename(r, t);
            case Tfallocate t -> allocate(r, t);
            case Tlseek t -> seek(r, t);
            case Tcopyrange t -> copy(r, t);
            case Ttmpfile t -> createUnnamed(r, t);
            case Tchecksum t -> checksum(r, t);
            case Tput t -> put(r, t);
            default -> throw new FsException(Errno.EOPNOTSUPP);
        };
    }

    private static ByteBuf rename(TreeRequest r, Trenameat2 t) throws FsException {
        r.fid.requireFile();
        Node.Occupied occupied = switch (t.flags()) {
            case 0 -> Node.Occupied.REPLACED;
            case NO_REPLACE -> Node.Occupied.KEPT;
            case EXCHANGE -> Node.Occupied.EXCHANGED;
            default -> throw new FsException(Errno.EINVAL);
        };
        Node to = (r.other == null ? r.fid : r.other).node;
        r.fid.node.rename(EntryNames.entry(t.oldname()), to, EntryNames.entry(t.newname()), occupied);
        return r.reply(new Rrenameat2());
    }

    private ByteBuf allocate(TreeRequest r, Tfallocate t) throws FsException {
        OpenFile file = written(r.fid);
        OpenFile.Space space = switch (t.mode()) {
            case 0 -> OpenFile.Space.ALLOCATED;
            case KEEP_SIZE -> OpenFile.Space.RESERVED;
            case PUNCH_HOLE | KEEP_SIZE -> OpenFile.Space.FREED;
            case ZERO_RANGE -> OpenFile.Space.ZEROED;
            case ZERO_RANGE | KEEP_SIZE -> OpenFile.Space.ZEROED_WITHIN;
            default -> throw new FsException(Errno.EOPNOTSUPP);
        };
        if (t.offset() < 0 || t.length() <= 0) {
            throw new FsException(Errno.EINVAL);
        }
        if (t.offset() + t.length() < 0) {
            throw new FsException(Errno.EFBIG);
        }
        file.allocate(space, t.offset(), t.length());
        qids.changed(r.fid.node.id());
        return r.reply(new Rfallocate());
    }

    /** The file that a fid has open for writing. */
    private static OpenFile written(TreeFid fid) throws FsException {
        Use.Opened opened = fid.opened();
        if (!opened.writes() || opened.directory()) {
            throw new FsException(Errno.EBADF);
        }
        return opened.file();
    }

    private static ByteBuf seek(TreeRequest r, Tlseek t) throws FsException {
        Use.Opened opened = r.fid.opened();
        if (opened.directory() || (t.whence() != SEEK_DATA && t.whence() != SEEK_HOLE)) {
            throw new FsException(Errno.EINVAL);
        }
        if (t.offset() < 0) {
            throw new FsException(Errno.ENXIO);
        }
        return r.reply(new Rlseek(opened.file().seek(t.whence() == SEEK_DATA, t.offset())));
    }

    private ByteBuf copy(TreeRequest r, Tcopyrange t) throws FsException {
        OpenFile into = written(r.fid);
        Use.Opened from = (r.other == null ? r.fid : r.other).opened();
        if (!from.reads() || from.directory()) {
            throw new FsException(Errno.EBADF);
        }
        long count = Math.min(Integer.toUnsignedLong(t.count()), MOST_AT_ONCE);
        if (t.offset() < 0 || t.fromoffset() < 0 || t.offset() + count < 0 || t.fromoffset() + count < 0) {
            throw new FsException(Errno.EINVAL);
        }
        long copied = into.copyFrom(from.file(), t.fromoffset(), t.offset(), count);
        qids.changed(r.fid.node.id());
        return r.reply(new Rcopyrange((int) copied));
    }

    private static ByteBuf checksum(TreeRequest r, Tchecksum t) throws FsException {
        Use.Opened opened = r.fid.opened();
        if (!opened.reads() || opened.directory()) {
            throw new FsException(Errno.EBADF);
        }
        long count = Math.min(Integer.toUnsignedLong(t.count()), MOST_AT_ONCE);
        if (t.offset() < 0 || t.offset() + count < 0) {
            throw new FsException(Errno.EINVAL);
        }
        Checksum sum = new Checksum();
        int covered = sum.add(opened.file(), t.offset(), (int) count);
        return r.reply(new Rchecksum(covered, sum.done()));
    }

    private ByteBuf put(TreeRequest r, Tput t) throws FsException {
        r.fid.requireFile();
        Node directory = r.fid.node;
        Node.Occupied occupied = switch (t.flags()) {
            case 0 -> Node.Occupied.REPLACED;
            case Tput.NO_REPLACE -> Node.Occupied.KEPT;
            default -> throw new FsException(Errno.EINVAL);
        };
        AttributeChange attributes = LinuxAttributes.of(t.mode(), t.mtimeSec(), t.mtimeNsec());
        byte[] name = EntryNames.entry(t.name());
        byte[] temporary = EntryNames.entry(t.temporary());
        if (t.temporary().equals(t.name())) {
            throw new FsException(Errno.EINVAL); // it would be seen before it is whole
        }
        Node.Created made = directory.create(temporary, NEW, t.mode() & LinuxMessages.PERMISSIONS,
                r.fid.area.group(t.gid()));
        try (Node node = made.node(); OpenFile file = made.file()) {
            try {
                writeAll(file, t.data().nioBuffer());
                // The mode, too: a default ACL has its say when a file is made, and a write takes set-user-ID bits away.
                node.change(attributes);
                qids.changed(node.id());
                directory.rename(temporary, directory, name, occupied);
            } catch (FsException | RuntimeException | Error e) {
                removeIfThere(node);
                throw e;
            }
            return r.reply(new Rput(qids.of(node.attributes(), Dialect.LINUX)));
        }
    }

    private static void writeAll(OpenFile file, ByteBuffer data) throws FsException {
        long at = 0;
        while (data.hasRemaining()) {
            int written = file.write(at, data);
            if (written <= 0) {
                throw new FsException(Errno.ENOSPC);
            }
            at += written;
        }
    }

    /** The file itself: by now somebody else's may have the name that it was made with. */
    private static void removeIfThere(Node file) {
        try {
            file.remove();
        } catch (FsException e) {
            // What went wrong first is told; somebody else has removed it, or the disk does nothing any more.
        }
    }

    private ByteBuf createUnnamed(TreeRequest r, Ttmpfile t) throws FsException {
        TreeFid fid = r.fid;
        fid.requireUnused();
        OpenHow how = LinuxMessages.how(t.flags(), true);
        if (!how.access().writes()) {
            throw new FsException(Errno.EINVAL); // as open(2) says
        }
        Node.Created created = fid.node.createUnnamed(how, t.mode() & LinuxMessages.PERMISSIONS,
                fid.area.group(t.gid()));
        Node directory = fid.node;
        Node node = created.node();
        try {
            Rtmpfile reply = new Rtmpfile(qids.of(node.attributes(), Dialect.LINUX), LinuxMessages.NO_IOUNIT);
            ByteBuf frame = r.commit(r.reply(reply),
                    () -> fid.become(node, Text.EMPTY, LinuxMessages.opened(node, created.file(), how)));
            directory.close();
            return frame;
        } catch (FsException | RuntimeException | Error e) {
            created.file().close();
            node.close();
            throw e;
        }
    }
}
