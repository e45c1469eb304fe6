package dev.ninetunnel.linux;

import java.lang.invoke.MethodHandle;

/**
 * The system calls that are made here, by their numbers on x86_64 ({@code asm/unistd_64.h}) and on aarch64
 * ({@code asm-generic/unistd.h}). All go through the C library's syscall(2) with six arguments, each as a long: the JVM
 * makes code for every shape of a foreign function that it meets, at every start, and so there is only one.
 *
 * <p>The caller keeps memory alive whose address it gives, until the call is over. Any thread.
 */
public enum Syscall {
    BIND(49, 200), CAPGET(125, 90), CAPSET(126, 91), CLOCK_GETTIME(228, 113), CLOSE(3, 57), COPY_FILE_RANGE(326,
            285), DUP3(292,
                    24), FCHMODAT(268, 53), //
    FCHOWNAT(260, 54), FALLOCATE(285, 47), FANOTIFY_INIT(300, 262), FANOTIFY_MARK(301, 263), FCNTL(72, 25), //
    FDATASYNC(75, 83), FSTATFS(138, 44), FSYNC(74, 82), FTRUNCATE(77, 46), GETDENTS64(217, 61), GETEGID(108, 177), //
    GETEUID(107, 175), GETGROUPS(115, 158), GETXATTR(191, 8), IOCTL(16, 29), INOTIFY_ADD_WATCH(254,
            27), INOTIFY_INIT1(294, 26), //
    INOTIFY_RM_WATCH(255, 28), LINKAT(265, 37), LISTXATTR(194,
            11), LSEEK(8, 62), //
    MKDIRAT(258, 34), MKNODAT(259, 33), NAME_TO_HANDLE_AT(303, 264), OPENAT(257, 56), OPENAT2(437, 437), PREAD64(17,
            67), PPOLL(271, 73), PREADV2(
                    327,
                    286), PRLIMIT64(302, 261), //
    PWRITE64(18, 68), PWRITEV2(328, 287), READLINKAT(267, 78), REMOVEXATTR(197, 14), RENAMEAT2(316, 276), SETFSGID(123,
            152), //
    SETFSUID(122, 151), SETGROUPS(116, 159), SETXATTR(188, 5), SOCKET(41, 198), STATX(332, 291), SYMLINKAT(266, 36), //
    READ(0, 63), RECVMSG(47, 212), SOCKETPAIR(53, 199), WRITEV(20, 66), //
    TRUNCATE(76, 45), UMASK(95, 166), UNLINKAT(263, 35), UNSHARE(272, 97), UTIMENSAT(280, 88);

    private static final MethodHandle CALL = Native.bindSyscall();

    private final long number;

    Syscall(int x86, int aarch) {
        this.number = switch (Machine.get()) {
            case X86_64 -> x86;
            case AARCH64 -> aarch;
        };
    }

    /** Makes the call. What it gave, or minus its errno. */
    public long call(CallMemory s, long a, long b, long c, long d, long e, long f) {
        try {
            return Native.result(s, (long) CALL.invokeExact(s.state, number, a, b, c, d, e, f));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** The same, with five arguments. */
    public long call(CallMemory s, long a, long b, long c, long d, long e) {
        return call(s, a, b, c, d, e, 0);
    }

    /** The same, with four. */
    public long call(CallMemory s, long a, long b, long c, long d) {
        return call(s, a, b, c, d, 0, 0);
    }

    /** The same, with three. */
    public long call(CallMemory s, long a, long b, long c) {
        return call(s, a, b, c, 0, 0, 0);
    }

    /** The same, with two. */
    public long call(CallMemory s, long a, long b) {
        return call(s, a, b, 0, 0, 0, 0);
    }

    /** The same, with one. */
    public long call(CallMemory s, long a) {
        return call(s, a, 0, 0, 0, 0, 0);
    }

    /** The same, without any. */
    public long call(CallMemory s) {
        return call(s, 0, 0, 0, 0, 0, 0);
    }
}
