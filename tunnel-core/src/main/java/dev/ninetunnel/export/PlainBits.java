package dev.ninetunnel.export;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The two mode bits of 9P2000 that Unix cannot keep: append-only, and exclusive use (stat(5)). They are remembered while the
 * endpoint runs, for the file and not for its name; the time of its birth tells it from a later file with the same
 * inode number. Safe for use by many threads.
 */
public final class PlainBits {
    public static final int APPEND = 0x4000_0000;
    static final int EXCLUSIVE = 0x2000_0000;
    public static final int MASK = APPEND | EXCLUSIVE;
    private static final int MOST = 10_000;

    private record Key(FileId id, Attributes.Time birth) {}

    private final Map<Key, Integer> bits = new HashMap<>();
    private final Set<Key> inUse = new HashSet<>();

    private static Key key(Attributes a) {
        return new Key(a.id(), a.birth());
    }

    public synchronized int of(Attributes file) {
        return bits.isEmpty() ? 0 : bits.getOrDefault(key(file), 0);
    }

    public synchronized void set(Attributes file, int value) throws FsException {
        if ((value & MASK) == 0) {
            bits.remove(key(file));
        } else if (bits.size() >= MOST) {
            throw new FsException(Errno.ENOSPC);
        } else {
            bits.put(key(file), value & MASK);
        }
    }

    /** Marks an exclusive-use file as open. Refuses if it is open already. What it returns has an effect once. */
    public synchronized Runnable hold(Attributes file) throws FsException {
        Key key = key(file);
        if ((bits.getOrDefault(key, 0) & EXCLUSIVE) == 0) {
            return null;
        }
        if (!inUse.add(key)) {
            throw new FsException(Errno.EBUSY);
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> release(key, held);
    }

    private synchronized void release(Key key, AtomicBoolean held) {
        if (held.getAndSet(false)) {
            inUse.remove(key);
        }
    }
}
