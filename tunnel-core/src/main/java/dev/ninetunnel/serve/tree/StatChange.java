package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.PlainBits;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.export.Users;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.AttributeChange.NewTime;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Twstat (stat(5)): a field of all ones, or an empty string, is left alone; if all are, the file is brought to the disk
 * (rule S13). Everything is checked before anything is changed. Unlike Plan 9's servers, a new name replaces a file that
 * has it: the Linux client renames in no other way, and programs save files by it. Called on workers.
 */
final class StatChange {
    private static final int UNTOUCHED = -1;
    private static final int UNTOUCHED_SHORT = 0xFFFF;
    private static final int UNTOUCHED_BYTE = 0xFF;

    private final Qids qids;
    private final Users users;
    private final PlainBits bits;
    private final Stats stats;

    StatChange(Exports exports, Stats stats) {
        this.qids = exports.qids();
        this.users = exports.users();
        this.bits = exports.plainBits();
        this.stats = stats;
    }

    /** Whether it leaves every field alone. */
    static boolean isSync(Stat s) {
        return fixedUntouched(s) && s.mode() == UNTOUCHED && s.atime() == UNTOUCHED && s.mtime() == UNTOUCHED
                && s.length() == UNTOUCHED && s.name().isEmpty() && s.uid().isEmpty() && s.gid().isEmpty()
                && s.muid().isEmpty() && s.unix().map(StatChange::isUntouched).orElse(true);
    }

    private static boolean fixedUntouched(Stat s) {
        return s.kernelType() == UNTOUCHED_SHORT && s.kernelDevice() == UNTOUCHED
                && s.qid().type() == UNTOUCHED_BYTE && s.qid().version() == UNTOUCHED && s.qid().path() == UNTOUCHED;
    }

    private static boolean isUntouched(Stat.Unix u) {
        return u.extension().isEmpty() && u.uid() == UNTOUCHED && u.gid() == UNTOUCHED && u.muid() == UNTOUCHED;
    }

    ByteBuf answer(TreeRequest r, Twstat t) throws FsException {
        TreeFid fid = r.fid;
        Stat wanted = t.stat();
        if (isSync(wanted)) {
            if (fid.use instanceof Use.Opened) {
                fid.sync(false);
            }
            return r.reply(new Rwstat());
        }
        Attributes now = fid.node.attributes();
        Stat is = stats.of(fid.node, now, PlainMessages.name(fid), fid.dialect());
        refuseFixed(wanted, is);
        byte[] name = newName(fid, wanted, is);
        OptionalLong length = newLength(now, wanted);
        AttributeChange change = change(fid.dialect(), now, wanted, is);
        if (name == null) {
            apply(fid, now, length, change, wanted);
            return r.reply(new Rwstat());
        }
        byte[] oldName = is.name().bytes();
        try (Node directory = fid.node.parent()) {
            fid.node.renameTo(directory, name);
            try {
                apply(fid, now, length, change, wanted);
            } catch (FsException e) {
                // All or nothing (stat(5)), as far as that can be had.
                fid.node.renameTo(directory, oldName);
                throw e;
            }
        }
        return r.commit(r.reply(new Rwstat()), () -> fid.name = wanted.name());
    }

    private void apply(TreeFid fid, Attributes now, OptionalLong length, AttributeChange change, Stat wanted)
            throws FsException {
        if (length.isPresent()) {
            if (fid.use instanceof Use.Opened opened && opened.writes()) {
                opened.file().truncate(length.getAsLong());
            } else {
                fid.node.change(AttributeChange.size(length.getAsLong()));
            }
            qids.changed(fid.node.id());
        }
        if (!change.equals(AttributeChange.NONE)) {
            fid.node.change(change);
        }
        if (wanted.mode() != UNTOUCHED && (wanted.mode() & PlainBits.MASK) != bits.of(now)) {
            bits.set(now, wanted.mode());
        }
    }

    /**
     * What no Twstat can change may only be said as it is. But for muid, which is passed over: the Linux client puts the
     * user's name there whenever it renames ({@code v9fs_vfs_rename}).
     */
    private static void refuseFixed(Stat wanted, Stat is) throws FsException {
        boolean same = (wanted.kernelType() == UNTOUCHED_SHORT || wanted.kernelType() == is.kernelType())
                && (wanted.kernelDevice() == UNTOUCHED || wanted.kernelDevice() == is.kernelDevice())
                && (wanted.qid().type() == UNTOUCHED_BYTE || wanted.qid().type() == is.qid().type())
                && (wanted.qid().path() == UNTOUCHED || wanted.qid().path() == is.qid().path());
        if (!same) {
            throw new FsException(Errno.EPERM);
        }
        if (wanted.mode() != UNTOUCHED && ((wanted.mode() ^ is.mode()) & Stats.DIRECTORY) != 0) {
            throw new FsException(Errno.EPERM.number(), "wstat can't convert between files and directories");
        }
    }

    private static byte[] newName(TreeFid fid, Stat wanted, Stat is) throws FsException {
        if (wanted.name().isEmpty() || wanted.name().equals(is.name())) {
            return null;
        }
        if (fid.node.id().equals(fid.area.ceiling())) {
            throw new FsException(Errno.EPERM);
        }
        return EntryNames.entry(wanted.name());
    }

    private static OptionalLong newLength(Attributes now, Stat wanted) throws FsException {
        boolean directory = now.id().kind() == FileId.Kind.DIRECTORY;
        if (wanted.length() == UNTOUCHED || (directory && wanted.length() == 0)) {
            return OptionalLong.empty();
        }
        if (directory) {
            throw new FsException(Errno.EISDIR);
        }
        if (wanted.length() < 0) {
            throw new FsException(Errno.EINVAL);
        }
        return wanted.length() == now.size() ? OptionalLong.empty() : OptionalLong.of(wanted.length());
    }

    private AttributeChange change(Dialect dialect, Attributes now, Stat wanted, Stat is) throws FsException {
        OptionalInt mode = OptionalInt.empty();
        if (wanted.mode() != UNTOUCHED && wanted.mode() != is.mode()) {
            // Plain 9P2000 cannot say the set-id and sticky bits, so it does not take them away.
            int special = dialect == Dialect.UNIX ? Stats.specialBits(wanted.mode()) : now.mode() & 07000;
            mode = OptionalInt.of((wanted.mode() & Stats.PERMISSIONS) | special);
        }
        return new AttributeChange(mode, newOwner(wanted, is), newGroup(wanted, is), OptionalLong.empty(),
                newTime(wanted.atime(), is.atime()), newTime(wanted.mtime(), is.mtime()));
    }

    /** Owners are changed by number only, which 9P2000.u has; stat(5) forbids it. */
    private static OptionalInt newOwner(Stat wanted, Stat is) throws FsException {
        int number = wanted.unix().map(Stat.Unix::uid).orElse(UNTOUCHED);
        if (number != UNTOUCHED) {
            return OptionalInt.of(number);
        }
        if (!wanted.uid().isEmpty() && !wanted.uid().equals(is.uid())) {
            throw new FsException(Errno.EPERM);
        }
        return OptionalInt.empty();
    }

    private OptionalInt newGroup(Stat wanted, Stat is) throws FsException {
        int number = wanted.unix().map(Stat.Unix::gid).orElse(UNTOUCHED);
        if (number != UNTOUCHED) {
            return OptionalInt.of(number);
        }
        if (wanted.gid().isEmpty() || wanted.gid().equals(is.gid())) {
            return OptionalInt.empty();
        }
        OptionalInt gid = users.gid(wanted.gid());
        if (gid.isEmpty()) {
            throw new FsException(Errno.EINVAL.number(), "unknown group");
        }
        return gid;
    }

    private static Optional<NewTime> newTime(int wanted, int is) {
        return wanted == UNTOUCHED || wanted == is
                ? Optional.empty()
                : Optional.of(new NewTime.At(new Attributes.Time(Integer.toUnsignedLong(wanted), 0)));
    }
}
