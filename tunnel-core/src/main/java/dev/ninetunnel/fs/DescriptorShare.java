package dev.ninetunnel.fs;

import java.util.HashMap;
import java.util.Map;

/**
 * The descriptors of served files that are put down to one far side. A file that several far sides hold is put down to each of
 * them, once, and so are the directories above it: a peer does not pay for files that others keep open. Any thread.
 */
public final class DescriptorShare {
    /** Without other users: nothing is counted. */
    public static final DescriptorShare NONE = new DescriptorShare();

    private final Map<Object, Held> held = new HashMap<>();
    private int open;

    private static final class Held {
        /** What is held with it. */
        private final Object above;
        private int times;

        Held(Object above) {
            this.above = above;
        }
    }

    /**
     * Puts down what has a descriptor of its own, by identity.
     *
     * @param above what is held as long as this is, and is to be put down next, if this is the first time
     * @return whether this is the first time
     */
    public synchronized boolean take(Object file, Object above) {
        if (this == NONE) {
            return false;
        }
        Held now = held.computeIfAbsent(file, f -> new Held(above));
        return ++now.times == 1;
    }

    /** Takes off what was put down as often as this is called, and what was held with it. */
    public synchronized void give(Object file) {
        Object at = file;
        while (at != null && this != NONE) {
            Held now = held.get(at);
            if (--now.times > 0) {
                return;
            }
            held.remove(at);
            at = now.above;
        }
    }

    /** Puts down descriptors that belong to it alone, such as those of open files; less than none takes some off. */
    public synchronized void add(int descriptors) {
        open += this == NONE ? 0 : descriptors;
    }

    /** How many are put down to it. */
    public synchronized int used() {
        return held.size() + open;
    }
}
