package dev.ninetunnel.linux;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds where a file has data and where holes (lseek(2), SEEK_DATA). A file system that does not tell has data everywhere.
 * Used by one thread.
 */
public final class DataSeeker implements AutoCloseable {
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int ENXIO = 6;

    private final int fd;

    private DataSeeker(int fd) {
        this.fd = fd;
    }

    /** For a file that may be read; empty where it cannot be opened so. */
    public static Optional<DataSeeker> open(Path file) {
        if (!Linux.available()) {
            return Optional.empty();
        }
        int fd = DescriptorCalls.openPath(PathBytes.of(file.toAbsolutePath()), OpenFlags.CLOSE_ON_EXEC);
        return fd < 0 ? Optional.empty() : Optional.of(new DataSeeker(fd));
    }

    /** Where the next data are, from this offset on; the end of the file if there are none. */
    public long next(long offset) {
        CallMemory s = CallMemory.ofThread();
        long found = Syscall.LSEEK.call(s, fd, offset, SEEK_DATA);
        if (found == -ENXIO) {
            return Math.max(offset, Syscall.LSEEK.call(s, fd, 0, SEEK_END));
        }
        return Math.max(offset, found);
    }

    @Override
    public void close() {
        Syscall.CLOSE.call(CallMemory.ofThread(), fd);
    }
}
