package dev.ninetunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ninetunnel.errno.Errno;
import java.lang.foreign.MemorySegment;

/**
 * System calls that open descriptors and work on open ones (open(2), openat2(2), pread(2), getdents64(2), fcntl(2)
 * ...). One call a method, without any policy; what is negative is an error number. Any thread.
 */
public final class DescriptorCalls {
    /** Each is lost against a rename between two steps of the kernel's. */
    private static final int MOST_RACES = 100;

    /** {@code linux/openat2.h}: nothing above the directory, no symbolic link, no link of /proc. */
    static final long BENEATH = 0x08 | 0x04 | 0x02;
    /** {@code linux/fcntl.h}: stands for no directory, where a path is absolute. */
    static final int NO_DIRECTORY = -100;

    /** Of {@code struct open_how}. */
    private static final long HOW_SIZE = 24;

    private static final int SEEK_SET = 0;

    /** {@code F_SETFD} with {@code FD_CLOEXEC}, {@code F_SETFL}, and {@code F_DUPFD_CLOEXEC} of fcntl(2). */
    private static final int SET_FLAGS = 2;
    private static final int CLOSE_ON_EXEC = 1;
    private static final int SET_STATUS = 4;
    private static final int DUPLICATE = 1030;
    private static final int LOWEST_COPY = 3;

    private DescriptorCalls() {}

    /** Opens a path of the exporter's own choice, whatever links it goes through. */
    public static int openPath(byte[] path, int flags) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.OPENAT.call(s, NO_DIRECTORY, s.name(path).address(), flags, 0);
    }

    /**
     * Opens the entry of this name in a directory, through no link at all.
     *
     * <p>EXDEV means that the entry was found and then carried out of the directory, before the kernel had made sure that
     * it lies beneath: somebody renames it just now. So it is not there, or is again if one looks again.
     */
    public static int openBeneath(int directory, byte[] name, long flags, int mode) {
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
        CallMemory s = CallMemory.ofThread();
        s.struct.set(JAVA_LONG, 0, flags);
        s.struct.set(JAVA_LONG, 8, mode);
        s.struct.set(JAVA_LONG, 16, BENEATH);
        return (int) Syscall.OPENAT2.call(s, directory, s.name(name).address(), s.struct.address(), HOW_SIZE);
    }

    /** Opens again what a descriptor has open, with a check of permissions. */
    public static int reopen(int fd, int flags) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.OPENAT.call(s, NO_DIRECTORY, s.openFile(fd).address(), flags, 0);
    }

    /** Has a descriptor's number stand for what another is open for, from one call to the next. */
    public static int replace(int fd, int with) {
        return (int) Syscall.DUP3.call(CallMemory.ofThread(), with, fd, OpenFlags.CLOSE_ON_EXEC);
    }

    /** Another descriptor for what is open, which programs that are started do not get. */
    public static int duplicate(int fd) {
        return (int) Syscall.FCNTL.call(CallMemory.ofThread(), fd, DUPLICATE, LOWEST_COPY);
    }

    /** Programs that are started do not get this descriptor. */
    public static int keepFromPrograms(int fd) {
        return (int) Syscall.FCNTL.call(CallMemory.ofThread(), fd, SET_FLAGS, CLOSE_ON_EXEC);
    }

    /** Has calls on what is open return at once (O_NONBLOCK), by whichever descriptor, and takes other status flags away. */
    public static int neverBlock(int fd) {
        return (int) Syscall.FCNTL.call(CallMemory.ofThread(), fd, SET_STATUS, OpenFlags.NON_BLOCKING);
    }

    /** close(2). */
    public static int close(int fd) {
        return (int) Syscall.CLOSE.call(CallMemory.ofThread(), fd);
    }

    /** pread(2), into memory outside the heap. */
    public static long read(int fd, MemorySegment into, long length, long offset) {
        return Syscall.PREAD64.call(CallMemory.ofThread(), fd, into.address(), length, offset);
    }

    /** pwrite(2), from memory outside the heap. */
    public static long write(int fd, MemorySegment from, long length, long offset) {
        return Syscall.PWRITE64.call(CallMemory.ofThread(), fd, from.address(), length, offset);
    }

    /** lseek(2), from the beginning: of a directory, to a cookie of its entries. */
    public static long seek(int fd, long offset) {
        return Syscall.LSEEK.call(CallMemory.ofThread(), fd, offset, SEEK_SET);
    }

    /** Entries of a directory, into the thread's block. */
    public static int entries(int fd, int size) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.GETDENTS64.call(s, fd, s.block.address(), size);
    }

    /** ftruncate(2). */
    public static int truncate(int fd, long size) {
        return (int) Syscall.FTRUNCATE.call(CallMemory.ofThread(), fd, size);
    }

    /** fallocate(2). */
    public static int allocate(int fd, int mode, long offset, long length) {
        return (int) Syscall.FALLOCATE.call(CallMemory.ofThread(), fd, mode, offset, length);
    }

    /** lseek(2) with SEEK_DATA or SEEK_HOLE. */
    public static long seek(int fd, long offset, int whence) {
        return Syscall.LSEEK.call(CallMemory.ofThread(), fd, offset, whence);
    }

    /** copy_file_range(2), from one offset to another. */
    public static long copy(int fromFd, long from, int toFd, long to, long count) {
        CallMemory s = CallMemory.ofThread();
        s.struct.set(JAVA_LONG, 0, from);
        s.struct.set(JAVA_LONG, Long.BYTES, to);
        long places = s.struct.address();
        return Syscall.COPY_FILE_RANGE.call(s, fromFd, places, toFd, places + Long.BYTES, count, 0);
    }

    /** fsync(2). */
    public static int sync(int fd) {
        return (int) Syscall.FSYNC.call(CallMemory.ofThread(), fd);
    }

    /** fdatasync(2). */
    public static int syncData(int fd) {
        return (int) Syscall.FDATASYNC.call(CallMemory.ofThread(), fd);
    }

    /** fcntl(2) with a {@code struct flock}, which is in the thread's struct memory. */
    public static int lock(int fd, int command) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.FCNTL.call(s, fd, command, s.struct.address());
    }
}
