package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ninetunnel.errno.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls that open descriptors and work on open ones (open(2), openat2(2), pread(2), getdents64(2), fcntl(2)
 * ...). One call a method, without any policy; what is negative is an error number. Any thread.
 */
final class DescriptorCalls {
    /** Each is lost against a rename between two steps of the kernel's. */
    private static final int MOST_RACES = 100;

    /** {@code linux/openat2.h}: nothing above the directory, no symbolic link, no link of /proc. */
    static final long BENEATH = 0x08 | 0x04 | 0x02;
    /** {@code linux/fcntl.h}: stands for no directory, where a path is absolute. */
    static final int NO_DIRECTORY = -100;

    /** The same on x86_64 and aarch64, as is every call since Linux 5.1. */
    private static final long OPENAT2 = 437;
    private static final long GETDENTS64 = Machine.get().getdents64();

    private static final MethodHandle SYSCALL4 = Native.bindSyscall(4);
    private static final MethodHandle SYSCALL3 = Native.bindSyscall(3);
    private static final MethodHandle OPEN = Native.bindVariadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = Native.bind("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle PREAD = Native.bind("pread64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG,
            JAVA_LONG);
    private static final MethodHandle PWRITE = Native.bind("pwrite64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG,
            JAVA_LONG);
    private static final MethodHandle LSEEK = Native.bind("lseek64", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FTRUNCATE = Native.bind("ftruncate64", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle FSYNC = Native.bind("fsync", JAVA_INT, JAVA_INT);
    private static final MethodHandle FDATASYNC = Native.bind("fdatasync", JAVA_INT, JAVA_INT);
    private static final MethodHandle FCNTL = Native.bindVariadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);

    private static final int SEEK_SET = 0;

    private DescriptorCalls() {}

    /** Opens a path of the exporter's own choice, whatever links it goes through. */
    static int openPath(byte[] path, int flags) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) OPEN.invokeExact(s.state, s.name(path), flags, 0));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /**
     * Opens the entry of this name in a directory, through no link at all.
     *
     * <p>EXDEV means that the entry was found and then carried out of the directory, before the kernel had made sure that
     * it lies beneath: somebody renames it just now. So it is not there, or is again if one looks again.
     */
    static int openBeneath(int directory, byte[] name, long flags, int mode) {
        int fd = tryBeneath(directory, name, flags, mode);
        for (int i = 0; i < MOST_RACES && isRace(fd) && (flags & OpenFlags.CREATE) == 0; i++) {
            fd = tryBeneath(directory, name, flags, mode);
        }
        return isRace(fd) ? -Errno.ENOENT.number() : fd;
    }

    private static boolean isRace(int fd) {
        return fd == -Errno.EXDEV.number();
    }

    private static int tryBeneath(int directory, byte[] name, long flags, int mode) {
        Scratch s = Scratch.ofThread();
        try {
            s.struct.set(JAVA_LONG, 0, flags);
            s.struct.set(JAVA_LONG, 8, mode);
            s.struct.set(JAVA_LONG, 16, BENEATH);
            return (int) Native.result(s, (long) SYSCALL4.invokeExact(s.state, OPENAT2, (long) directory,
                    s.name(name).address(), s.struct.address(), 24L));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Opens anew what a descriptor has open, with a look at permissions. */
    static int reopen(int fd, int flags) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) OPEN.invokeExact(s.state, s.openFile(fd), flags, 0));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int close(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) CLOSE.invokeExact(s.state, fd));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static long read(int fd, MemorySegment into, long length, long offset) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (long) PREAD.invokeExact(s.state, fd, into, length, offset));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static long write(int fd, MemorySegment from, long length, long offset) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (long) PWRITE.invokeExact(s.state, fd, from, length, offset));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static long seek(int fd, long offset) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (long) LSEEK.invokeExact(s.state, fd, offset, SEEK_SET));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Entries of a directory, into the thread's block. */
    static int entries(int fd, int size) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s,
                    (long) SYSCALL3.invokeExact(s.state, GETDENTS64, (long) fd, s.block.address(), (long) size));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int truncate(int fd, long size) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) FTRUNCATE.invokeExact(s.state, fd, size));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int sync(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) FSYNC.invokeExact(s.state, fd));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int syncData(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) FDATASYNC.invokeExact(s.state, fd));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** fcntl(2) with a {@code struct flock}, which is in the thread's struct memory. */
    static int lock(int fd, int command) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) FCNTL.invokeExact(s.state, fd, command, s.struct));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }
}
