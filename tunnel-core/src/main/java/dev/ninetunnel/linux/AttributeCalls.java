package dev.ninetunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * System calls on the attributes of a file that a descriptor stands for, which need not be open for anything; where
 * there is only a call by path, by the descriptor's link in /proc. One call a method, without any policy; what is
 * negative is an error number. Any thread.
 */
public final class AttributeCalls {
    private static final int EMPTY_PATH = 0x1000;
    private static final int SYMLINK_NOFOLLOW = 0x100;
    private static final int NO_AUTOMOUNT = 0x800;
    /** {@code STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID}. */
    private static final long WANTED = 0x1fff;

    private AttributeCalls() {}

    /** statx(2) of what a descriptor stands for, into the thread's struct memory. */
    public static int status(int fd) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.STATX.call(s, fd, s.empty.address(), EMPTY_PATH, WANTED, s.struct.address());
    }

    /** statx(2) of an entry of a directory itself, into the thread's struct memory. */
    public static int status(int directory, byte[] name) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.STATX.call(s, directory, s.name(name).address(), SYMLINK_NOFOLLOW | NO_AUTOMOUNT, WANTED,
                s.struct.address());
    }

    /** chmod(2); not of a symbolic link. */
    public static int changeMode(int fd, int mode) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.FCHMODAT.call(s, DescriptorCalls.NO_DIRECTORY, s.openFile(fd).address(), mode);
    }

    /** chown(2); -1 leaves a number as it is. */
    public static int changeOwner(int fd, int uid, int gid) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.FCHOWNAT.call(s, fd, s.empty.address(), uid, gid, EMPTY_PATH);
    }

    /** utimensat(2), each time as seconds and nanoseconds or {@code UTIME_NOW} or {@code UTIME_OMIT}. */
    public static int changeTimes(int fd, long accessSeconds, long accessNanos, long modifiedSeconds,
            long modifiedNanos) {
        CallMemory s = CallMemory.ofThread();
        s.struct.set(JAVA_LONG, 0, accessSeconds);
        s.struct.set(JAVA_LONG, 8, accessNanos);
        s.struct.set(JAVA_LONG, 16, modifiedSeconds);
        s.struct.set(JAVA_LONG, 24, modifiedNanos);
        return (int) Syscall.UTIMENSAT.call(s, DescriptorCalls.NO_DIRECTORY, s.openFile(fd).address(),
                s.struct.address(),
                0);
    }

    /** truncate(2), with a look at permissions. */
    public static int truncate(int fd, long size) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.TRUNCATE.call(s, s.openFile(fd).address(), size);
    }

    /** statfs(2), into the thread's struct memory. */
    public static int space(int fd) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.FSTATFS.call(s, fd, s.struct.address());
    }

    /** The value of an extended attribute, into the thread's block. */
    public static int attribute(int fd, byte[] name) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.GETXATTR.call(s, s.openFile(fd).address(), s.name(name).address(), s.block.address(),
                CallMemory.BLOCK);
    }

    /** The names of the extended attributes, into the thread's block. */
    public static int attributeNames(int fd) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.LISTXATTR.call(s, s.openFile(fd).address(), s.block.address(), CallMemory.BLOCK);
    }

    /** Sets an extended attribute; 1 among the flags if it must be new, 2 if it must be there. */
    public static int setAttribute(int fd, byte[] name, byte[] value, int flags) {
        CallMemory s = CallMemory.ofThread();
        MemorySegment bytes = s.toBlock(value);
        return (int) Syscall.SETXATTR.call(s, s.openFile(fd).address(), s.name(name).address(), bytes.address(),
                value.length,
                flags);
    }

    /** removexattr(2). */
    public static int removeAttribute(int fd, byte[] name) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.REMOVEXATTR.call(s, s.openFile(fd).address(), s.name(name).address());
    }
}
