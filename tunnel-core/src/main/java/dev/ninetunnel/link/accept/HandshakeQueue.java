package dev.ninetunnel.link.accept;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Those who wait for their handshake to begin: address by address in turn, one of each, so that no address is served sooner for
 * sending more. For the {@link HandshakeLimiter}, under whose lock it is used. Times are nanoseconds.
 */
final class HandshakeQueue {
    /** When an address may have its turn, by its own pace and that of its kind. */
    interface Due {
        /** How long it has to wait still; 0 if its turn can be now. */
        long delay(SourceState sourceState);
    }

    private final Deque<SourceState> callers = new ArrayDeque<>();

    /** It waits, behind the others of its address. */
    void add(PendingConnection pendingConnection) {
        if (pendingConnection.caller.waiting.isEmpty()) {
            callers.add(pendingConnection.caller);
        }
        pendingConnection.caller.waiting.add(pendingConnection);
    }

    /** It waits no more. */
    void remove(PendingConnection pendingConnection) {
        if (pendingConnection.caller.waiting.remove(pendingConnection) && pendingConnection.caller.waiting.isEmpty()) {
            callers.remove(pendingConnection.caller);
        }
    }

    /** Takes out the one whose turn it is; null if there is none yet. */
    PendingConnection next(Due due) {
        for (Iterator<SourceState> all = callers.iterator(); all.hasNext();) {
            SourceState sourceState = all.next();
            if (due.delay(sourceState) == 0) {
                all.remove();
                PendingConnection pendingConnection = sourceState.waiting.remove();
                if (!sourceState.waiting.isEmpty()) {
                    callers.add(sourceState);
                }
                return pendingConnection;
            }
        }
        return null;
    }

    /** The time until the next turn; {@link Long#MAX_VALUE} if no connection waits. */
    long delay(Due due) {
        return callers.stream().mapToLong(due::delay).min().orElse(Long.MAX_VALUE);
    }
}
