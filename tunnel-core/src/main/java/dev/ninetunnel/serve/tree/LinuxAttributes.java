package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.fs.AttributeChange.NewTime;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tsetattr;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Tgetattr and Tsetattr, with the bits of 9P2000.L for what is meant. Called on workers. */
final class LinuxAttributes {
    /** Bits of Tgetattr and Rgetattr: all of the basic ones, and the time of birth. */
    private static final long BASIC = 0x7ff;
    private static final long BIRTH = 0x800;
    /** P9_STATS_ALL: what {@link Tgetattr} may ask for. */
    static final long ALL = 0x3fff;

    private static final int SET_MODE = 0x1;
    private static final int SET_UID = 0x2;
    private static final int SET_GID = 0x4;
    private static final int SET_SIZE = 0x8;
    private static final int SET_ACCESS = 0x10;
    private static final int SET_MODIFICATION = 0x20;
    private static final int ACCESS_GIVEN = 0x80;
    private static final int MODIFICATION_GIVEN = 0x100;
    private static final int PERMISSIONS = 07777;
    private static final long NANOSECONDS = 1_000_000_000L;

    private final Qids qids;

    LinuxAttributes(Qids qids) {
        this.qids = qids;
    }

    ByteBuf get(TreeRequest r, Tgetattr t) throws FsException {
        r.fid.requireFile();
        return r.reply(of(r.fid.node.attributes(), t.mask()));
    }

    /** What is asked for by this mask, of what a file has. */
    Rgetattr of(Attributes a, long mask) {
        long valid = BASIC;
        if ((mask & BIRTH) != 0 && !a.birth().equals(Attributes.Time.UNKNOWN)) {
            valid |= BIRTH;
        }
        return new Rgetattr(valid, qids.of(a, Dialect.LINUX), a.mode(), a.uid(), a.gid(), a.links(),
                a.deviceNumber(), a.size(), a.blockSize(), a.blocks(), a.access().seconds(), a.access().nanoseconds(),
                a.modification().seconds(), a.modification().nanoseconds(), a.change().seconds(),
                a.change().nanoseconds(), a.birth().seconds(), a.birth().nanoseconds(), 0, 0);
    }

    ByteBuf set(TreeRequest r, Tsetattr t) throws FsException {
        r.fid.requireFile();
        AttributeChange change = new AttributeChange(
                given(t, SET_MODE) ? OptionalInt.of(t.mode() & PERMISSIONS) : OptionalInt.empty(),
                given(t, SET_UID) ? OptionalInt.of(t.uid()) : OptionalInt.empty(),
                given(t, SET_GID) ? OptionalInt.of(t.gid()) : OptionalInt.empty(), OptionalLong.empty(),
                time(t, SET_ACCESS, ACCESS_GIVEN, t.atimeSec(), t.atimeNsec()),
                time(t, SET_MODIFICATION, MODIFICATION_GIVEN, t.mtimeSec(), t.mtimeNsec()));
        if (given(t, SET_SIZE)) {
            // First, as it would change the times that may be set too.
            resize(r.fid, t.size());
        }
        if (!change.equals(AttributeChange.NONE)) {
            r.fid.node.change(change);
        }
        return r.reply(new Rsetattr());
    }

    private void resize(TreeFid fid, long size) throws FsException {
        if (size < 0) {
            throw new FsException(Errno.EINVAL);
        }
        if (fid.node.id().kind() == FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.EISDIR);
        }
        if (fid.use instanceof Use.Opened opened && opened.writes()) {
            // The permission was asked for when it was opened: a file that its maker may no longer open can be cut.
            opened.file().truncate(size);
        } else {
            fid.node.change(AttributeChange.size(size));
        }
        qids.changed(fid.node.id());
    }

    private static boolean given(Tsetattr t, int bit) {
        return (t.valid() & bit) != 0;
    }

    private static Optional<NewTime> time(Tsetattr t, int bit, int exact, long seconds, long nanoseconds)
            throws FsException {
        if (!given(t, bit)) {
            return Optional.empty();
        }
        return Optional.of(given(t, exact) ? at(seconds, nanoseconds) : new NewTime.Now());
    }

    /** That a file has these permissions, and was changed at this time. */
    static AttributeChange of(int mode, long seconds, long nanoseconds) throws FsException {
        return new AttributeChange(OptionalInt.of(mode & PERMISSIONS), OptionalInt.empty(), OptionalInt.empty(),
                OptionalLong.empty(), Optional.empty(), Optional.of(at(seconds, nanoseconds)));
    }

    private static NewTime at(long seconds, long nanoseconds) throws FsException {
        if (nanoseconds < 0 || nanoseconds >= NANOSECONDS) {
            throw new FsException(Errno.EINVAL);
        }
        return new NewTime.At(new Attributes.Time(seconds, (int) nanoseconds));
    }
}
