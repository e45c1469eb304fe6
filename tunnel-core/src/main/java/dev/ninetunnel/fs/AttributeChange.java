package dev.ninetunnel.fs;

import dev.ninetunnel.errno.Errno;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What to change of a file; what is empty stays.
 *
 * @param mode permission bits, 07777
 * @param size cut or extended to, in bytes
 */
public record AttributeChange(OptionalInt mode, OptionalInt uid, OptionalInt gid, OptionalLong size,
        Optional<NewTime> access, Optional<NewTime> modification) {

    private static final int NANOS = 1_000_000_000;

    /** Nothing. */
    public static final AttributeChange NONE = new AttributeChange(OptionalInt.empty(), OptionalInt.empty(),
            OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    /** Of a file's size alone. */
    public static AttributeChange size(long size) {
        return new AttributeChange(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
                OptionalLong.of(size), Optional.empty(), Optional.empty());
    }

    /** Of a file's mode alone. */
    public static AttributeChange mode(int mode) {
        return new AttributeChange(OptionalInt.of(mode), OptionalInt.empty(), OptionalInt.empty(),
                OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Refuses what can be had by no file of this kind, before anything is changed.
     *
     * @throws FsException EINVAL or EISDIR for a size, EOPNOTSUPP for a mode, EINVAL for a time
     */
    public void requireFor(FileId.Kind kind) throws FsException {
        if (size.isPresent() && (size.getAsLong() < 0 || kind != FileId.Kind.FILE)) {
            boolean directory = size.getAsLong() >= 0 && kind == FileId.Kind.DIRECTORY;
            throw new FsException(directory ? Errno.EISDIR : Errno.EINVAL);
        }
        if (mode.isPresent() && kind == FileId.Kind.SYMLINK) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
        requireTime(access);
        requireTime(modification);
    }

    private static void requireTime(Optional<NewTime> time) throws FsException {
        if (time.isPresent() && time.get() instanceof NewTime.At(Attributes.Time at)
                && (at.nanoseconds() < 0 || at.nanoseconds() >= NANOS)) {
            throw new FsException(Errno.EINVAL);
        }
    }

    /** What a time is set to. */
    public sealed interface NewTime {
        /** The file system's present. */
        record Now() implements NewTime {}

        /** A time of the caller's. */
        record At(Attributes.Time time) implements NewTime {}
    }
}
