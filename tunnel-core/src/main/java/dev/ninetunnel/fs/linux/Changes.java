package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.AttributeChange.NewTime;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.AttributeCalls;
import java.util.Optional;

/**
 * Changes attributes. What cannot be right is refused before anything is changed. The size comes first, since cutting
 * sets the time of modification; the owner before the mode, since chown(2) takes set-user-ID bits away.
 */
final class Changes {
    private static final long NOW = (1 << 30) - 1;
    private static final long OMIT = (1 << 30) - 2;
    private static final int NANOS = 1_000_000_000;

    private Changes() {}

    static void make(Inode inode, AttributeChange change, Resizing resizing) throws FsException {
        check(inode, change);
        if (change.size().isPresent()) {
            long size = change.size().getAsLong();
            Check.done(resizing.during(inode.residence(), () -> AttributeCalls.truncate(inode.fd, size)));
        }
        if (change.uid().isPresent() || change.gid().isPresent()) {
            Check.done(AttributeCalls.changeOwner(inode.fd, change.uid().orElse(-1), change.gid().orElse(-1)));
        }
        if (change.mode().isPresent()) {
            Check.done(AttributeCalls.changeMode(inode.fd, change.mode().getAsInt() & 07777));
        }
        if (change.access().isPresent() || change.modification().isPresent()) {
            Check.done(AttributeCalls.changeTimes(inode.fd, seconds(change.access()), nanoseconds(change.access()),
                    seconds(change.modification()), nanoseconds(change.modification())));
        }
    }

    private static void check(Inode inode, AttributeChange change) throws FsException {
        if (change.size().isPresent()) {
            Check.notNegative(change.size().getAsLong());
            switch (inode.id.kind()) {
                case FILE -> {}
                case DIRECTORY -> throw new FsException(Errno.EISDIR);
                default -> throw new FsException(Errno.EINVAL);
            }
        }
        if (change.mode().isPresent() && inode.id.kind() == FileId.Kind.SYMLINK) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
        checkTime(change.access());
        checkTime(change.modification());
    }

    private static void checkTime(Optional<NewTime> time) throws FsException {
        if (time.isPresent() && time.get() instanceof NewTime.At at
                && (at.time().nanoseconds() < 0 || at.time().nanoseconds() >= NANOS)) {
            throw new FsException(Errno.EINVAL);
        }
    }

    private static long seconds(Optional<NewTime> time) {
        return time.isPresent() && time.get() instanceof NewTime.At at ? at.time().seconds() : 0;
    }

    private static long nanoseconds(Optional<NewTime> time) {
        if (time.isEmpty()) {
            return OMIT;
        }
        return switch (time.get()) {
            case NewTime.Now() -> NOW;
            case NewTime.At at -> at.time().nanoseconds();
        };
    }
}
