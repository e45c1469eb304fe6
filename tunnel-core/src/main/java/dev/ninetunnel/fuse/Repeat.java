package dev.ninetunnel.fuse;

import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import java.util.concurrent.CompletableFuture;

/** What becomes of a request whose conversation was lost before the answer was there, so that nobody knows whether it was done. */
enum Repeat {
    /** It is sent again: doing it twice is as doing it once. */
    AS_OFTEN_AS_NEEDED,
    /** It makes a name, and is sent again; where the name is there then, somebody else may have made it: EIO. */
    UNLESS_THERE,
    /** It removes a name, and is sent again; where the name is gone then, that is what was wanted. */
    UNTIL_GONE,
    /** It is not sent again: EIO. */
    NEVER;

    /** What an attempt comes to that was refused. */
    <R> CompletableFuture<R> failed(int attempt, Throwable cause) {
        if (attempt > 1 && cause instanceof RefusedException refused) {
            if (this == UNLESS_THERE && refused.is(Errno.EEXIST)) {
                return CompletableFuture.failedFuture(new FuseException(Errno.EIO));
            }
            if (this == UNTIL_GONE && refused.is(Errno.ENOENT)) {
                return CompletableFuture.completedFuture(null);
            }
        }
        return CompletableFuture.failedFuture(cause);
    }
}
