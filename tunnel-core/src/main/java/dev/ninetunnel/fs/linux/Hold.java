package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Keeps what somebody closes alive until the calls that use it have ended: a descriptor's number must not be used after
 * it was closed, when it may stand for another file. Any thread.
 */
final class Hold {
    private static final int CLOSED = 1 << 30;

    /** The number of calls in progress, and whether it is closed. */
    private final AtomicInteger state = new AtomicInteger();
    private final Runnable free;

    Hold(Runnable free) {
        this.free = free;
    }

    /** Begins a use. */
    void take() throws FsException {
        if ((state.getAndIncrement() & CLOSED) != 0) {
            drop();
            throw new FsException(Errno.EBADF);
        }
    }

    /** Ends a use. */
    void drop() {
        if (state.decrementAndGet() == CLOSED) {
            freeOnce();
        }
    }

    /** Allows no further use, if it is not in use and can be freed in this other way. Returns whether that is so. */
    boolean freed(BooleanSupplier otherWay) {
        if (state.get() != 0 || !otherWay.getAsBoolean()) {
            return false;
        }
        state.set(-CLOSED);
        return true;
    }

    /** Allows no further use. */
    void close() {
        int before = state.getAndUpdate(s -> s | CLOSED);
        if (before == 0) {
            freeOnce();
        }
    }

    private void freeOnce() {
        if (state.compareAndSet(CLOSED, -CLOSED)) {
            free.run();
        }
    }
}
