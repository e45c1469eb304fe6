package dev.ninetunnel.lease;

import dev.ninetunnel.fs.FileId;
import java.util.LinkedHashSet;

/**
 * Files of which one holder has given up a lease to make room, and whether it asks for them again. If so, it goes through more files
 * than it may have leases for, over and over, and what it has had for longest is what it comes to next. Belongs to the owner of the
 * granter.
 */
final class Returns {
    /** One or two may be by chance. */
    private static final int LEAST = 2;

    private final LinkedHashSet<FileId> gone = new LinkedHashSet<>();
    private int again;

    /** Of a lease that is asked back to make room; so many are remembered. */
    void gone(FileId id, int most) {
        gone.addLast(id);
        if (gone.size() > most) {
            gone.removeFirst();
        }
    }

    /** A lease is wanted that the holder, which may have so many, does not have. */
    void wants(FileId id, int most) {
        again = gone.remove(id) ? Math.min(again + 1, enough(most) * 2) : Math.max(again - 1, 0);
    }

    /** Whether the holder has come back to what it has given up, lately and more often than to what is new. */
    boolean areUsual(int most) {
        return again > enough(most);
    }

    private static int enough(int most) {
        return Math.max(LEAST, most / 128);
    }
}
