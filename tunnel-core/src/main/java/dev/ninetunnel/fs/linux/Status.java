package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.SpaceStatus;
import dev.ninetunnel.linux.AttributeCalls;
import dev.ninetunnel.linux.CallMemory;
import java.lang.foreign.MemorySegment;

/** Reads {@code struct statx} (linux/stat.h) and {@code struct statfs64}, where the calls have left them. */
final class Status {
    private static final int HAS_BIRTH = 0x800;
    private static final int HAS_MOUNT = 0x1000;

    private Status() {}

    /** All attributes of what a descriptor stands for. */
    static Attributes of(int fd) throws FsException {
        Check.done(AttributeCalls.status(fd));
        return attributes(CallMemory.ofThread().struct);
    }

    /** What a descriptor stands for. */
    static FileId idOf(int fd) throws FsException {
        Check.done(AttributeCalls.status(fd));
        return id(CallMemory.ofThread().struct);
    }

    /** What an entry of a directory is. */
    static FileId idOf(int directory, byte[] name) throws FsException {
        Check.done(AttributeCalls.status(directory, name));
        return id(CallMemory.ofThread().struct);
    }

    /**
     * A directory that a descriptor stands for, and the mount through which it was reached; 0 for each mount before Linux
     * 5.8, which does not tell.
     */
    static RootPath.Step stepOf(int fd) throws FsException {
        Attributes all = of(fd);
        MemorySegment s = CallMemory.ofThread().struct;
        long mount = (s.get(JAVA_INT, 0) & HAS_MOUNT) != 0 ? s.get(JAVA_LONG, 144) : 0;
        return new RootPath.Step(all.id(), all.birth(), mount, all.uid(), all.mode());
    }

    /** The file system that a descriptor is on. Blocks are counted in the unit that statfs(2) counts them in. */
    static SpaceStatus spaceOf(int fd) throws FsException {
        Check.done(AttributeCalls.space(fd));
        MemorySegment s = CallMemory.ofThread().struct;
        long unit = s.get(JAVA_LONG, 72) > 0 ? s.get(JAVA_LONG, 72) : s.get(JAVA_LONG, 8);
        return new SpaceStatus((int) s.get(JAVA_LONG, 0), (int) unit, s.get(JAVA_LONG, 16), s.get(JAVA_LONG, 24),
                s.get(JAVA_LONG, 32), s.get(JAVA_LONG, 40), s.get(JAVA_LONG, 48), s.get(JAVA_LONG, 56),
                (int) s.get(JAVA_LONG, 64));
    }

    /** The number of a device as {@code st_rdev} has it (makedev(3)). */
    static long device(int major, int minor) {
        return (major & 0xfffff000L) << 32 | (major & 0xfffL) << 8 | (minor & 0xffffff00L) << 12 | (minor & 0xffL);
    }

    private static FileId id(MemorySegment s) {
        return new FileId(device(s.get(JAVA_INT, 136), s.get(JAVA_INT, 140)), s.get(JAVA_LONG, 32),
                FileId.Kind.ofMode(s.get(JAVA_SHORT, 28)));
    }

    private static Attributes attributes(MemorySegment s) {
        return new Attributes(id(s), s.get(JAVA_SHORT, 28) & 0xffff, s.get(JAVA_INT, 20), s.get(JAVA_INT, 24),
                s.get(JAVA_INT, 16) & 0xffffffffL, device(s.get(JAVA_INT, 128), s.get(JAVA_INT, 132)),
                s.get(JAVA_LONG, 40), s.get(JAVA_INT, 4), s.get(JAVA_LONG, 48), time(s, 64), time(s, 112), time(s, 96),
                (s.get(JAVA_INT, 0) & HAS_BIRTH) != 0 ? time(s, 80) : Attributes.Time.UNKNOWN);
    }

    private static Attributes.Time time(MemorySegment s, long at) {
        return new Attributes.Time(s.get(JAVA_LONG, at), s.get(JAVA_INT, at + 8));
    }
}
