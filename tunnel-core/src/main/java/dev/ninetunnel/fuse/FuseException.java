package dev.ninetunnel.fuse;

import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** A request of the kernel fails, with the number that the program gets. Unchecked, for it passes through futures. */
final class FuseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    FuseException(Errno errno) {
        super(errno.words());
        this.errno = errno;
    }

    /** The number for what a future failed with: EIO for all that is no answer of the server. */
    static int errno(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null -> errno(wrapped.getCause());
            case FuseException own -> own.errno.number();
            case RefusedException refused when refused.errno() > 0 && refused.errno() < 4096 -> refused.errno();
            case CancellationException flushed -> Errno.EINTR.number();
            default -> Errno.EIO.number();
        };
    }
}
