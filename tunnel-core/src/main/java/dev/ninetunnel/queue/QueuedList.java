package dev.ninetunnel.queue;

import java.util.function.Consumer;

/**
 * A list in order of arrival, linked through what stands in it: taking one out of the middle costs nothing. For one thread.
 *
 * @param <T> what waits
 */
public final class QueuedList<T> {
    private Queued<T> head;
    private Queued<T> tail;

    /** Puts it at the end. It stands in no other list. */
    public void add(Queued<T> queued) {
        if (queued.list != null) {
            throw new IllegalStateException("it stands in one list at a time");
        }
        queued.list = this;
        queued.before = tail;
        if (tail == null) {
            head = queued;
        } else {
            tail.behind = queued;
        }
        tail = queued;
    }

    /** Takes it out. It stands in this list. */
    public void remove(Queued<T> queued) {
        if (queued.list != this) {
            throw new IllegalStateException("it stands in another list");
        }
        if (queued.before == null) {
            head = queued.behind;
        } else {
            queued.before.behind = queued.behind;
        }
        if (queued.behind == null) {
            tail = queued.before;
        } else {
            queued.behind.before = queued.before;
        }
        queued.list = null;
        queued.before = null;
        queued.behind = null;
    }

    /** Whether it stands in this list. */
    public boolean contains(Queued<T> queued) {
        return queued.list == this;
    }

    /** Takes out the first; null if there is none. */
    public T poll() {
        Queued<T> first = head;
        if (first == null) {
            return null;
        }
        remove(first);
        return first.item();
    }

    /** The first, which stays; null if there is none. */
    public T first() {
        return head == null ? null : head.item();
    }

    /** Whether nothing stands in it. */
    public boolean isEmpty() {
        return head == null;
    }

    /** Shows each in order; nothing is added or taken out meanwhile. */
    public void forEach(Consumer<T> action) {
        for (Queued<T> queued = head; queued != null; queued = queued.behind) {
            action.accept(queued.item());
        }
    }

    Queued<T> peek() {
        return head;
    }
}
