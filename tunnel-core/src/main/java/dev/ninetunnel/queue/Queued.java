package dev.ninetunnel.queue;

/**
 * Something that waits, and where: in one list at a time. It can be used again once it waits no more, so that waiting costs no
 * new object. Belongs to the loop of its list.
 *
 * @param <T> what waits
 */
public final class Queued<T> {
    private final T item;
    QueuedList<T> list;
    Queued<T> before;
    Queued<T> behind;
    /** Its number in the order of arrival at its scheduler. */
    long stamp;
    /** In bytes, by which turns are counted. */
    int cost;
    /** Where it waits among bulk, or null. */
    FairScheduler.Flow<T> flow;

    /** It does not wait yet. */
    public Queued(T item) {
        this.item = item;
    }

    /** What waits. */
    public T item() {
        return item;
    }

    /** Whether it stands in a list. */
    public boolean isWaiting() {
        return list != null;
    }
}
