package dev.ninetunnel.linux;

import java.nio.file.Path;
import java.util.Optional;

/** A directory of this machine by a descriptor, for what Java does by paths only: it stays the same one after a rename. */
public final class OpenDirectory implements AutoCloseable {
    private final int fd;

    private OpenDirectory(int fd) {
        this.fd = fd;
    }

    /** Opens one that is no link; empty where that cannot be. */
    public static Optional<OpenDirectory> open(Path path) {
        if (!Linux.available()) {
            return Optional.empty();
        }
        int fd = DescriptorCalls.openPath(PathBytes.of(path.toAbsolutePath()),
                OpenFlags.CLOSE_ON_EXEC | OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW);
        return fd < 0 ? Optional.empty() : Optional.of(new OpenDirectory(fd));
    }

    /** A path that leads to it and to nothing else, for as long as it is open. */
    public Path path() {
        return Path.of("/proc/self/fd/" + fd);
    }

    @Override
    public void close() {
        Syscall.CLOSE.call(CallMemory.ofThread(), fd);
    }
}
