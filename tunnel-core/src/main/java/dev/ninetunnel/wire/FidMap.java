package dev.ninetunnel.wire;

import io.netty.util.collection.IntObjectHashMap;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What there is by fid numbers, which those who hand them out choose, mostly one after the other, and up to a million.
 * Numbers that stand in a row would stand in a row in {@link IntObjectHashMap} as well, which goes through the rest of
 * the row at each removal: so they are scattered first, in a way that nobody outside can know and make use of. For one thread.
 *
 * @param <V> what stands for a number, not null
 */
public final class FidMap<V> {
    private final IntObjectHashMap<V> scattered = new IntObjectHashMap<>();
    private final int secret = ThreadLocalRandom.current().nextInt();

    /** No two numbers become one: each step can be undone (the last steps of MurmurHash3). */
    private int scatter(int fid) {
        int h = fid ^ secret;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    /** What stands for the number, or null. */
    public V get(int fid) {
        return scattered.get(scatter(fid));
    }

    /** Has this stand for the number. */
    public void put(int fid, V value) {
        scattered.put(scatter(fid), value);
    }

    /** Has nothing stand for the number any more; what did, or null. */
    public V remove(int fid) {
        return scattered.remove(scatter(fid));
    }

    /** Whether anything stands for the number. */
    public boolean containsKey(int fid) {
        return scattered.containsKey(scatter(fid));
    }

    /** How many numbers something stands for. */
    public int size() {
        return scattered.size();
    }

    /** All that stands for a number, in no order. */
    public Collection<V> values() {
        return scattered.values();
    }
}
