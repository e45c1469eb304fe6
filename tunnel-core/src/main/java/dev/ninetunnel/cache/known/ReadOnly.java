package dev.ninetunnel.cache.known;

/** Opening for reading alone, by the flags of Tlopen, as Linux numbers them for all processors in 9P2000.L ({@code include/net/9p/9p.h}). */
public final class ReadOnly {
    /** Read only if this is 0. */
    public static final int ACCESS = 03;
    private static final int NONBLOCK = 04000;
    private static final int LARGE = 0100000;
    private static final int DIRECTORY = 0200000;
    private static final int NOFOLLOW = 0400000;
    private static final int NOATIME = 01000000;
    private static final int CLOEXEC = 02000000;

    private ReadOnly() {}

    /** Whether to open with them changes nothing, and needs no more than to read. */
    public static boolean is(int flags, boolean directory) {
        int harmless = NONBLOCK | LARGE | NOFOLLOW | NOATIME | CLOEXEC | (directory ? DIRECTORY : 0);
        return (flags & ~harmless) == 0;
    }
}
