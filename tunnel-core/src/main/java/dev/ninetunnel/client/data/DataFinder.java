package dev.ninetunnel.client.data;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RpcCalls;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.message.Rlseek;
import dev.ninetunnel.wire.message.Tlseek;
import java.io.IOException;

/**
 * Finds where an open file has data, so that its holes need not be read. Asks only while that saves more than it costs. Used by one
 * thread.
 */
final class DataFinder {
    /** What an answer has to save, in bytes: about what comes while one waits for it. */
    static final long WORTH = 1 << 20;
    /** How many answers need not have saved anything. */
    private static final int CREDIT = 16;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final NineClient client;
    private final int fid;
    private final long size;
    /** Up to where there are data for all one knows. */
    private long end;
    private long saved;
    private long asked;

    /** For a file that seems to be so large, at a server that may not tell. */
    DataFinder(NineClient client, int fid, long size) {
        this.client = client;
        this.fid = fid;
        this.size = size;
        this.end = client.extended() && size >= WORTH ? 0 : size;
    }

    /** Where the next data are from a place on; the end of the file if there are none. */
    long next(long from) throws IOException {
        if (from < end || end >= size) {
            return from;
        }
        try {
            long data = seek(from, SEEK_DATA);
            saved += data - from;
            end = data >= size ? size : seek(data, SEEK_HOLE);
            if (saved < (asked - CREDIT) * WORTH) {
                end = size;
            }
            return data;
        } catch (RefusedException e) {
            end = size;
            if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOSYS) || e.is(Errno.EINVAL)) {
                return from;
            }
            throw e;
        }
    }

    private long seek(long from, int whence) throws IOException {
        asked++;
        try {
            long found = RpcCalls.await(client.send(new Tlseek(fid, from, whence), Rlseek.class::cast)).offset();
            return Math.clamp(found, from, size);
        } catch (RefusedException e) {
            if (e.is(Errno.ENXIO)) {
                return size;
            }
            throw e;
        }
    }
}
