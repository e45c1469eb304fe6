package dev.ninetunnel.lease;

import dev.ninetunnel.fs.FileId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Files that several holders use in turn, so that each has to give up the exclusive lease of them as soon as it has got it. For a while
 * nobody gets one then: a write that is not behind takes one way there and back, and giving up takes another. Belongs to the owner of
 * the granter.
 */
final class TakenInTurn {
    /** So often within such a time is no chance. */
    static final int OFTEN = 4;
    private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long WHILE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST_FILES = 1024;

    private final LongSupplier clock;
    private final Map<FileId, Turns> files = new LinkedHashMap<>();

    private record Turns(int count, long latest) {}

    /** None yet, with a clock in nanoseconds. */
    TakenInTurn(LongSupplier clock) {
        this.clock = clock;
    }

    /** An exclusive lease is asked back because another wants to use the file. */
    void taken(FileId id) {
        long now = clock.getAsLong();
        Turns before = files.remove(id);
        boolean isAnother = before != null && now - before.latest < WITHIN_NANOS;
        files.put(id, new Turns(isAnother ? before.count + 1 : 1, now));
        if (files.size() > MOST_FILES) {
            files.remove(files.keySet().iterator().next());
        }
    }

    /** Whether nobody is to have the file for itself alone now. */
    boolean isNow(FileId id) {
        Turns turns = files.get(id);
        if (turns == null || turns.count < OFTEN) {
            return false;
        }
        if (clock.getAsLong() - turns.latest >= WHILE_NANOS) {
            files.remove(id);
            return false;
        }
        return true;
    }
}
