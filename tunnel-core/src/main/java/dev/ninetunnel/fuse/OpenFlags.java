package dev.ninetunnel.fuse;

/** The flags of open(2) that 9P2000.L passes on, which has the numbers of {@code asm-generic/fcntl.h}. */
final class OpenFlags {
    static final int PERMISSIONS = 07777;
    private static final int ACCESS_MODE = 03;
    private static final int EXCLUSIVE = 0200;
    static final int APPEND = 02000;
    private static final int DATA_SYNC = 010000;
    private static final int SYNC = 04000000;
    private static final int PASSED_ON = ACCESS_MODE | APPEND | DATA_SYNC | SYNC;

    private OpenFlags() {}

    static int wire(int flags, boolean create) {
        return flags & (create ? PASSED_ON | EXCLUSIVE : PASSED_ON);
    }
}
