package dev.ninetunnel.endpoint.process;

import java.util.function.LongSupplier;

/**
 * Has garbage collected when many peers have come or gone and it is quiet again. What their handshakes and links leave in the old
 * generation stays there until that is full, which after a storm may be never, and meanwhile nothing of it goes back to the system.
 * For one thread at a time.
 */
public final class GarbageWatch {
    /** So many handshakes and ends of links leave some MiB: worth a collection of a few hundredths of a second. */
    static final int MANY = 100;

    private final LongSupplier turnover;
    private final Runnable collect;
    private long last;
    private long collected;

    /**
     * Of an endpoint that had no connection yet.
     *
     * @param turnover how many have come and gone so far
     */
    public GarbageWatch(LongSupplier turnover, Runnable collect) {
        this.turnover = turnover;
        this.collect = collect;
    }

    /** Looks. To be called at an interval that counts as quiet if no connection begins or ends in it. */
    public void look() {
        long now = turnover.getAsLong();
        if (now == last && now - collected >= MANY) {
            collected = now;
            collect.run();
        }
        last = now;
    }
}
