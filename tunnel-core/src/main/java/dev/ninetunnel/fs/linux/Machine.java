package dev.ninetunnel.fs.linux;

import java.util.Locale;

/**
 * What differs between the kinds of processor that Linux runs on: numbers of system calls and bits of open(2), from
 * {@code asm/unistd_64.h} and {@code asm-generic/unistd.h}, {@code asm-generic/fcntl.h} and {@code arch/arm64}'s.
 */
enum Machine {
    X86_64(217, 316, 332, 116, 0200000, 0400000), //
    AARCH64(61, 276, 291, 159, 0040000, 0100000);

    private final long getdents64;
    private final long renameat2;
    private final long statx;
    private final long setgroups;
    private final int directory;
    private final int noFollow;

    Machine(long getdents64, long renameat2, long statx, long setgroups, int directory, int noFollow) {
        this.getdents64 = getdents64;
        this.renameat2 = renameat2;
        this.statx = statx;
        this.setgroups = setgroups;
        this.directory = directory;
        this.noFollow = noFollow;
    }

    /** This one's. */
    static Machine get() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> throw new UnsupportedOperationException("no system call numbers for " + name);
        };
    }

    long getdents64() {
        return getdents64;
    }

    long renameat2() {
        return renameat2;
    }

    long statx() {
        return statx;
    }

    long setgroups() {
        return setgroups;
    }

    /** {@code O_DIRECTORY}. */
    int directory() {
        return directory;
    }

    /** {@code O_NOFOLLOW}. */
    int noFollow() {
        return noFollow;
    }
}
