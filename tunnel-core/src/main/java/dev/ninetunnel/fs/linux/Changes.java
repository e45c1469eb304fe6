package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.AttributeChange.NewTime;
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

    private Changes() {}

    static void make(Inode inode, AttributeChange change, Resizing resizing) throws FsException {
        change.requireFor(inode.id.kind());
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
