package dev.ninetunnel.fuse.kernel;

import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** A request of the kernel fails, with the number that the program gets. Unchecked, for it passes through futures. */
public class FuseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** From here on, the kernel has numbers for itself ({@code linux/errno.h}: ERESTARTSYS). */
    private static final int KERNELS_OWN = 512;

    private final Errno errno;

    public FuseException(Errno errno) {
        super(errno.words());
        this.errno = errno;
    }

    /** What a future failed with, without what wraps it. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The number for what a future failed with: EIO for all that is no answer of the server. */
    public static int errno(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null -> errno(wrapped.getCause());
            case FuseException own -> own.errno.number();
            case RefusedException refused -> ofServer(refused.errno());
            case CancellationException flushed -> Errno.EINTR.number();
            default -> Errno.EIO.number();
        };
    }

    /**
     * The server's numbers, but for those which the kernel does not take as an answer (it would wait on), and for ENOSYS: by that a
     * file system says that the kernel shall never ask so again, and take an fsync for done.
     */
    private static int ofServer(int number) {
        if (number == Errno.ENOSYS.number()) {
            return Errno.EOPNOTSUPP.number();
        }
        return number > 0 && number < KERNELS_OWN ? number : Errno.EIO.number();
    }
}
