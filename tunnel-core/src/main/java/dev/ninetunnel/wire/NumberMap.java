package dev.ninetunnel.wire;

import io.netty.util.collection.IntObjectHashMap;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What there is by fids or tags: numbers that those who hand them out choose, mostly one after the other, and up to a million.
 * Such that stand in a row would stand in a row in {@link IntObjectHashMap} as well, which goes through the rest of
 * the row at each removal: so they are scattered first, in a way that an attacker cannot know and use. For one thread.
 *
 * @param <V> what stands for a number, not null
 */
public final class NumberMap<V> {
    private final IntObjectHashMap<V> scattered = new IntObjectHashMap<>();
    private final int secret = ThreadLocalRandom.current().nextInt();

    /** No two numbers become one: each step can be undone (the last steps of MurmurHash3). */
    private int scatter(int number) {
        int h = number ^ secret;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    /** What stands for the number, or null. */
    public V get(int number) {
        return scattered.get(scatter(number));
    }

    /** Has this stand for the number. Returns what did before, or null. */
    public V put(int number, V value) {
        return scattered.put(scatter(number), value);
    }

    /** Has nothing stand for the number any more; what did, or null. */
    public V remove(int number) {
        return scattered.remove(scatter(number));
    }

    /** Whether anything stands for the number. */
    public boolean containsKey(int number) {
        return scattered.containsKey(scatter(number));
    }

    /** How many numbers something stands for. */
    public int size() {
        return scattered.size();
    }

    /** All that stands for a number, in no order. */
    public Collection<V> values() {
        return scattered.values();
    }

    /** Whether nothing stands for any number. */
    public boolean isEmpty() {
        return scattered.isEmpty();
    }

    /** Has nothing stand for any number. */
    public void clear() {
        scattered.clear();
    }
}
