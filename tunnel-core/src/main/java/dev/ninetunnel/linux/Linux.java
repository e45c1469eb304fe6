package dev.ninetunnel.linux;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether this system has the calls that are made here; found out once. Any thread. */
public final class Linux {
    private static final Optional<String> FAULT = System.getProperty("os.name").equals("Linux")
            ? tried()
            : Optional.of("this is no Linux");

    private Linux() {}

    /** Whether it has. */
    public static boolean available() {
        return FAULT.isEmpty();
    }

    /** Why it has not, for people; empty if it has. */
    public static Optional<String> fault() {
        return FAULT;
    }

    /** Opens a directory known to be there, and that again by its link in /proc, as every use will. */
    private static Optional<String> tried() {
        try {
            byte[] here = "/".getBytes(StandardCharsets.US_ASCII);
            byte[] proc = "proc".getBytes(StandardCharsets.US_ASCII);
            int root = DescriptorCalls.openPath(here, OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC);
            int below = DescriptorCalls.openBeneath(root, proc, OpenFlags.NAME_ONLY, 0);
            int again = DescriptorCalls.reopen(below, OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC);
            boolean works = root >= 0 && below >= 0 && again >= 0 && AttributeCalls.status(below) >= 0;
            for (int fd : new int[]{again, below, root}) {
                if (fd >= 0) {
                    DescriptorCalls.close(fd);
                }
            }
            return works ? Optional.empty() : Optional.of("this Linux lacks openat2, statx or the proc file system");
        } catch (RuntimeException | LinkageError e) {
            return Optional.of("system calls are not to be had here: " + e);
        }
    }
}
