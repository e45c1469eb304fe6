package dev.ninetunnel.export;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Qids of files (rule S15). A path is the inode's number with the number of its device, counted as devices are met, in
 * the upper 16 bits; so on the first device it is the inode's own number, as people expect of {@code ls -i}. An inode
 * number that is too large for that is mixed with its device's into 63 bits.
 *
 * <p>A version comes from the size and times, and from a count of the changes made through here: a file system's clock
 * ticks only every few milliseconds, so that two changes may bear the same time. The counts are few, and files share
 * them; a version may thus change without need, which costs a client a re-read. Safe for use by many threads.
 */
public final class Qids {
    private static final int INODE_BITS = 48;
    private static final int MOST_DEVICES = 0x7FFF;
    private static final int COUNTS = 1 << 14;
    private static final int TYPES = Qid.DIRECTORY | Qid.SYMLINK;

    private final ConcurrentHashMap<Long, Integer> devices = new ConcurrentHashMap<>();
    private final AtomicInteger deviceCount = new AtomicInteger();
    private final AtomicIntegerArray changes = new AtomicIntegerArray(COUNTS);

    /** Of a file with these attributes. */
    public Qid of(Attributes attributes, Dialect dialect) {
        FileId id = attributes.id();
        return new Qid(type(id.kind(), dialect), version(attributes), path(id));
    }

    /** Of an entry of a directory, whose version is not known. */
    public Qid ofEntry(FileId id, Dialect dialect) {
        return new Qid(type(id.kind(), dialect), 0, path(id));
    }

    /** Says that the content of a file was changed through here. */
    public void changed(FileId id) {
        changes.incrementAndGet(count(id));
    }

    private int version(Attributes a) {
        long h = mix(a.modification().seconds() * 1_000_000_007L + a.modification().nanoseconds());
        h = mix(h ^ (a.change().seconds() * 1_000_000_007L + a.change().nanoseconds()));
        h = mix(h ^ a.size());
        return (int) h + changes.get(count(a.id()));
    }

    private static int count(FileId id) {
        return (int) (mix(id.inode() * 31 + id.device()) & (COUNTS - 1));
    }

    private static int type(FileId.Kind kind, Dialect dialect) {
        int type = switch (kind) {
            case DIRECTORY -> Qid.DIRECTORY;
            case SYMLINK -> Qid.SYMLINK;
            default -> Qid.FILE;
        };
        return dialect == Dialect.PLAIN ? type & Qid.DIRECTORY : type & TYPES;
    }

    long path(FileId id) {
        if (id.inode() >>> INODE_BITS == 0) {
            int device = devices.computeIfAbsent(id.device(), d -> deviceCount.getAndIncrement());
            if (device <= MOST_DEVICES) {
                return ((long) device << INODE_BITS) | id.inode();
            }
        }
        return Long.MIN_VALUE | (mix(mix(id.device()) ^ id.inode()) >>> 1);
    }

    /** The finalizer of MurmurHash3, a bijection that spreads every bit. */
    private static long mix(long x) {
        long h = x;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
