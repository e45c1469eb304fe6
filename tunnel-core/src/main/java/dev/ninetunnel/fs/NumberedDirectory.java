package dev.ninetunnel.fs;

import dev.ninetunnel.errno.Errno;
import java.nio.ByteBuffer;

/**
 * A directory that is open and whose entries have numbers: an entry's cookie is its number, counted from 1 with {@code .} and
 * {@code ..}. Nothing of the system's is open for it.
 */
public final class NumberedDirectory implements OpenFile {
    private static final byte[] SELF = {'.'};
    private static final byte[] ABOVE = {'.', '.'};
    private static final int DOTS = 2;

    private final FileId id;
    private final FileId above;
    private final Entries entries;

    /** What is in a directory, but for the two entries that each has. Called by one thread at a time. */
    public interface Entries {
        /**
         * How many there are.
         *
         * @param first whether a listing begins, which has those that there are then
         */
        int count(boolean first) throws FsException;

        /**
         * Offers one to a listing; what has gone meanwhile is left out.
         *
         * @param number counted from 0
         * @return whether the listing takes more
         */
        boolean offer(int number, long cookie, Listing listing) throws FsException;
    }

    /** Of a directory with this number, in one with that. */
    public NumberedDirectory(FileId id, FileId above, Entries entries) {
        this.id = id;
        this.above = above;
        this.entries = entries;
    }

    @Override
    public synchronized void list(long cookie, Listing listing) throws FsException {
        if (cookie < 0) {
            throw new FsException(Errno.EINVAL);
        }
        int all = entries.count(cookie == 0) + DOTS;
        for (long at = cookie; at < all; at++) {
            if (!offer((int) at, listing)) {
                return;
            }
        }
    }

    private boolean offer(int at, Listing listing) throws FsException {
        return switch (at) {
            case 0 -> listing.entry(SELF, id, 1);
            case 1 -> listing.entry(ABOVE, above, DOTS);
            default -> entries.offer(at - DOTS, at + 1L, listing);
        };
    }

    @Override
    public int read(long offset, ByteBuffer into) throws FsException {
        throw new FsException(Errno.EISDIR);
    }

    @Override
    public int write(long offset, ByteBuffer from) throws FsException {
        throw new FsException(Errno.EBADF);
    }

    @Override
    public void truncate(long size) throws FsException {
        throw new FsException(Errno.EINVAL);
    }

    @Override
    public void sync(boolean dataOnly) {
        // Nothing is open that could be synced; what was made in the directory is as safe as the system makes it.
    }

    @Override
    public void close() {
        // Nothing of the system's is held.
    }
}
