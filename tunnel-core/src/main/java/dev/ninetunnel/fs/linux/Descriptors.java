package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.ProcessCalls;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the descriptors that served trees hold, and stops (ENFILE) well before the process has none left for its
 * connections. One for all trees of a process. Any thread.
 */
final class Descriptors {
    private static final Logger LOG = LoggerFactory.getLogger(Descriptors.class);

    private final int cap;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean told = new AtomicBoolean();

    Descriptors(int cap) {
        this.cap = cap;
    }

    /** As many as three quarters of what this process may have, after raising that as far as allowed. */
    static Descriptors ofProcess() {
        long limit = ProcessCalls.raiseOpenFiles();
        return new Descriptors((int) Math.min(limit - limit / 4, Integer.MAX_VALUE));
    }

    /** How many are open. */
    int count() {
        return open.get();
    }

    /** Refuses a far side that has as many as are left: so one alone has half of them, and something is left for the next. */
    void permit(DescriptorShare share) throws FsException {
        if (share != DescriptorShare.NONE && share.used() >= cap - open.get()) {
            tell();
            throw new FsException(Errno.ENFILE);
        }
    }

    /** Makes a call that gives a new descriptor, and counts that. */
    int open(IntSupplier call) throws FsException {
        if (open.incrementAndGet() > cap) {
            open.decrementAndGet();
            tell();
            throw new FsException(Errno.ENFILE);
        }
        int fd = call.getAsInt();
        if (fd < 0) {
            open.decrementAndGet();
            throw FsException.of(-fd);
        }
        return fd;
    }

    void close(int fd) {
        DescriptorCalls.close(fd);
        if (open.decrementAndGet() < cap - cap / 10) {
            told.set(false);
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "Served files hold {} of {} descriptors, and a peer has its share of them, so further ones are refused; "
                            + "raise the limit of open files (ulimit -n) before the start to serve more at once",
                    open, cap);
        }
    }
}
