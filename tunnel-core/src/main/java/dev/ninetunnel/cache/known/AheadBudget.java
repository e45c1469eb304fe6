package dev.ninetunnel.cache.known;

import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** How much is asked for ahead for one local client, and has not come: no more than the line holds, and than there is room for. */
public final class AheadBudget {
    /** In bytes: 1 Gbit/s at 40 ms there and back; and half of what may be on its way to one client. */
    public static final int MOST = 5 << 20;

    private final IntPredicate room;
    private final IntConsumer changes;
    private int taken;

    /**
     * Nothing is asked for yet.
     *
     * @param room whether there is room for so many bytes more; they are counted, then
     * @param changes counts so many bytes more, or fewer
     */
    public AheadBudget(IntPredicate room, IntConsumer changes) {
        this.room = room;
        this.changes = changes;
    }

    /** Whether so many bytes may be asked for; they are, then, until {@link #give}. */
    public boolean take(int bytes) {
        if (taken + bytes > MOST || !room.test(bytes)) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /** They have come, or will not. */
    public void give(int bytes) {
        taken -= bytes;
        changes.accept(-bytes);
    }
}
