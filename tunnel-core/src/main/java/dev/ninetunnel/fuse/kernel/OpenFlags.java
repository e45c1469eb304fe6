package dev.ninetunnel.fuse.kernel;

/** The flags of open(2) that 9P2000.L passes on, which has the numbers of {@code asm-generic/fcntl.h}. */
public final class OpenFlags {
    public static final int PERMISSIONS = 07777;
    private static final int ACCESS_MODE = 03;
    private static final int EXCLUSIVE = 0200;
    static final int APPEND = 02000;
    private static final int DATA_SYNC = 010000;
    private static final int SYNC = 04000000;
    private static final int PASSED_ON = ACCESS_MODE | APPEND | DATA_SYNC | SYNC;

    private OpenFlags() {}

    public static boolean isExclusive(int flags) {
        return (flags & EXCLUSIVE) != 0;
    }

    /** Whether what is opened may be written. */
    public static boolean writes(int flags) {
        return (flags & ACCESS_MODE) != 0;
    }

    public static boolean appends(int flags) {
        return (flags & APPEND) != 0;
    }

    public static int wire(int flags, boolean create) {
        return flags & (create ? PASSED_ON | EXCLUSIVE : PASSED_ON);
    }
}
