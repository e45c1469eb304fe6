package dev.ninetunnel.fs;

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

    /** What a time is set to. */
    public sealed interface NewTime {
        /** The file system's present. */
        record Now() implements NewTime {}

        /** A time of the caller's. */
        record At(Attributes.Time time) implements NewTime {}
    }
}
