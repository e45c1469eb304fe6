package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls on the attributes of a file that a descriptor stands for, which need not be open for anything; where
 * there is only a call by path, by the descriptor's link in /proc. One call a method, without any policy; what is
 * negative is an error number. Any thread.
 */
final class AttributeCalls {
    private static final int EMPTY_PATH = 0x1000;
    private static final int SYMLINK_NOFOLLOW = 0x100;
    private static final int NO_AUTOMOUNT = 0x800;
    /** {@code STATX_BASIC_STATS | STATX_BTIME}. */
    private static final long WANTED = 0xfff;
    private static final long STATX = Machine.get().statx();

    private static final MethodHandle SYSCALL5 = Native.bindSyscall(5);
    private static final MethodHandle FCHMODAT = Native.bind("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT,
            JAVA_INT);
    private static final MethodHandle FCHOWNAT = Native.bind("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT,
            JAVA_INT, JAVA_INT);
    private static final MethodHandle UTIMENSAT = Native.bind("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS,
            JAVA_INT);
    private static final MethodHandle TRUNCATE = Native.bind("truncate64", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle FSTATFS = Native.bind("fstatfs64", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle GETXATTR = Native.bind("getxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS,
            JAVA_LONG);
    private static final MethodHandle SETXATTR = Native.bind("setxattr", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG,
            JAVA_INT);
    private static final MethodHandle LISTXATTR = Native.bind("listxattr", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle REMOVEXATTR = Native.bind("removexattr", JAVA_INT, ADDRESS, ADDRESS);

    private AttributeCalls() {}

    /** statx(2) of what a descriptor stands for, into the thread's struct memory. */
    static int status(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s, (long) SYSCALL5.invokeExact(s.state, STATX, (long) fd, s.empty.address(),
                    (long) EMPTY_PATH, WANTED, s.struct.address()));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** statx(2) of an entry of a directory itself, into the thread's struct memory. */
    static int status(int directory, byte[] name) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s, (long) SYSCALL5.invokeExact(s.state, STATX, (long) directory,
                    s.name(name).address(), (long) (SYMLINK_NOFOLLOW | NO_AUTOMOUNT), WANTED, s.struct.address()));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** chmod(2); not of a symbolic link. */
    static int changeMode(int fd, int mode) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s,
                    (int) FCHMODAT.invokeExact(s.state, DescriptorCalls.NO_DIRECTORY, s.openFile(fd), mode, 0));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** chown(2); -1 leaves a number as it is. */
    static int changeOwner(int fd, int uid, int gid) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) FCHOWNAT.invokeExact(s.state, fd, s.empty, uid, gid, EMPTY_PATH));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** utimensat(2), each time as seconds and nanoseconds or {@code UTIME_NOW} or {@code UTIME_OMIT}. */
    static int changeTimes(int fd, long accessSeconds, long accessNanos, long modifiedSeconds, long modifiedNanos) {
        Scratch s = Scratch.ofThread();
        try {
            s.struct.set(JAVA_LONG, 0, accessSeconds);
            s.struct.set(JAVA_LONG, 8, accessNanos);
            s.struct.set(JAVA_LONG, 16, modifiedSeconds);
            s.struct.set(JAVA_LONG, 24, modifiedNanos);
            return Native.result(s,
                    (int) UTIMENSAT.invokeExact(s.state, DescriptorCalls.NO_DIRECTORY, s.openFile(fd), s.struct, 0));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** truncate(2), with a look at permissions. */
    static int truncate(int fd, long size) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) TRUNCATE.invokeExact(s.state, s.openFile(fd), size));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** statfs(2), into the thread's struct memory. */
    static int space(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) FSTATFS.invokeExact(s.state, fd, s.struct));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** The value of an extended attribute, into the thread's block. */
    static int attribute(int fd, byte[] name) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s, (long) GETXATTR.invokeExact(s.state, s.openFile(fd), s.name(name), s.block,
                    (long) Scratch.BLOCK));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** The names of the extended attributes, into the thread's block. */
    static int attributeNames(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s,
                    (long) LISTXATTR.invokeExact(s.state, s.openFile(fd), s.block, (long) Scratch.BLOCK));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Sets an extended attribute; 1 among the flags if it must be new, 2 if it must be there. */
    static int setAttribute(int fd, byte[] name, byte[] value, int flags) {
        Scratch s = Scratch.ofThread();
        try {
            MemorySegment bytes = s.toBlock(value);
            return Native.result(s, (int) SETXATTR.invokeExact(s.state, s.openFile(fd), s.name(name), bytes,
                    (long) value.length, flags));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int removeAttribute(int fd, byte[] name) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) REMOVEXATTR.invokeExact(s.state, s.openFile(fd), s.name(name)));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }
}
