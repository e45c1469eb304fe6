package dev.ninetunnel.link;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Those who wait for their handshake to begin: address by address in turn, one of each, so that nobody is served sooner for
 * sending more. For the {@link Doorkeeper}, under whose lock it is used. Times are nanoseconds.
 */
final class Line {
    /** When an address may have its turn, by its own pace and that of its kind. */
    interface Due {
        /** How long it has to wait still; 0 if its turn can be now. */
        long delay(Caller caller);
    }

    private final Deque<Caller> callers = new ArrayDeque<>();

    /** It waits, behind the others of its address. */
    void add(Visit visit) {
        if (visit.caller.waiting.isEmpty()) {
            callers.add(visit.caller);
        }
        visit.caller.waiting.add(visit);
    }

    /** It waits no more. */
    void remove(Visit visit) {
        if (visit.caller.waiting.remove(visit) && visit.caller.waiting.isEmpty()) {
            callers.remove(visit.caller);
        }
    }

    /** Takes out the one whose turn it is; null if it is nobody's yet. */
    Visit next(Due due) {
        for (Iterator<Caller> all = callers.iterator(); all.hasNext();) {
            Caller caller = all.next();
            if (due.delay(caller) == 0) {
                all.remove();
                Visit visit = caller.waiting.remove();
                if (!caller.waiting.isEmpty()) {
                    callers.add(caller);
                }
                return visit;
            }
        }
        return null;
    }

    /** How long it is nobody's turn; {@link Long#MAX_VALUE} if nobody waits. */
    long delay(Due due) {
        return callers.stream().mapToLong(due::delay).min().orElse(Long.MAX_VALUE);
    }
}
