package dev.ninetunnel.cache.behind;

import dev.ninetunnel.errno.Errno;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes behind to the files of one peer: how many there may be at a time, and the failures of which no program has been told.
 * Belongs to the loop of the client role.
 */
public final class WritesBehind {
    /** In bytes: 1 Gbit/s at 40 ms there and back. */
    static final int MOST_OF_FILE = 5 << 20;
    private static final int MOST = 2 * MOST_OF_FILE;
    /** What a write counts for besides its bytes: so many small ones are with the far side at most. */
    static final int OVERHEAD = 8192;
    private static final int MOST_UNTOLD = 1024;
    private static final Logger LOG = LoggerFactory.getLogger(WritesBehind.class);

    private final LongSupplier limit;
    private final Map<Long, Integer> untold = new LinkedHashMap<>();
    private long outstanding;
    private long written;
    private long failed;
    private int awaited;

    /**
     * None yet.
     *
     * @param limit how many bytes there may be at most, if that is less than what a line holds
     */
    public WritesBehind(LongSupplier limit) {
        this.limit = limit;
    }

    /** Whether there is room for so many bytes more of a file that has so many. */
    boolean hasRoom(long ofFile, int more) {
        long most = Math.min(MOST, limit.getAsLong());
        return awaited == 0 && ((ofFile == 0 && outstanding < most)
                || (ofFile + more <= Math.min(MOST_OF_FILE, most / 2) && outstanding + more <= most));
    }

    /** From now on nothing more is taken, because somebody waits until the far side has answered all of them. */
    public void await() {
        awaited++;
    }

    /** Who waited does not any more. */
    public void awaitNoMore() {
        awaited--;
    }

    void sent(int bytes) {
        outstanding += bytes;
        written++;
    }

    void answered(int bytes) {
        outstanding -= bytes;
    }

    void failed(Writer by, int errno, boolean isFirst) {
        failed++;
        if (isFirst) {
            LOG.warn("What was written to {} is not there: {}; programs hear of it at their next write, fsync or close",
                    by.name(), Errno.of(errno).words());
        }
    }

    /** The programs that wrote to this file have closed it, and were not told that it failed. */
    void untold(long path, int errno) {
        if (untold.size() == MOST_UNTOLD) {
            untold.remove(untold.keySet().iterator().next());
        }
        untold.put(path, errno);
    }

    /** The failure to write to this file of which nobody has been told, or 0; somebody is, by that. */
    public int tell(long path) {
        Integer errno = untold.remove(path);
        return errno == null ? 0 : errno;
    }

    /** Whether there are any. */
    public boolean areAny() {
        return outstanding > 0;
    }

    /** Since the beginning. */
    public long written() {
        return written;
    }

    /** How many of them the far side has refused, or perhaps not received. */
    public long failed() {
        return failed;
    }
}
