package dev.ninetunnel.linux;

import java.util.Locale;

/**
 * The kinds of processor that Linux runs on, as far as they are known here, and what differs between them besides the
 * numbers of {@link Syscall}: bits of open(2), from {@code asm-generic/fcntl.h} and {@code arch/arm64}'s.
 */
public enum Machine {
    X86_64(0200000, 0400000), //
    AARCH64(0040000, 0100000);

    private final int directory;
    private final int noFollow;

    Machine(int directory, int noFollow) {
        this.directory = directory;
        this.noFollow = noFollow;
    }

    /** This one's. */
    public static Machine get() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> throw new UnsupportedOperationException("no system call numbers for " + name);
        };
    }

    /** {@code O_DIRECTORY}. */
    public int directory() {
        return directory;
    }

    /** {@code O_NOFOLLOW}. */
    public int noFollow() {
        return noFollow;
    }
}
