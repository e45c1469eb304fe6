package dev.ninetunnel.serve;

import dev.ninetunnel.wire.Dialect;
import java.util.Queue;

/**
 * The place of one fid number: what is bound to it, and the requests that name it, in the order of their arrival. Those
 * that change nothing go side by side; any other goes alone. So each number behaves as if its requests were done one
 * after the other, whatever is bound and unbound between them, and a clunk may be followed at once by a walk that
 * makes the same number anew (rule M4).
 *
 * <p>A request that names two fids takes its turn in both slots when it arrives. As all turns are taken in order of arrival, no
 * two requests wait for one another. Used on the event loop only.
 */
final class Slot {
    /** A request's turn at a slot. */
    static final class Turn {
        final Slot slot;
        final Request request;
        final boolean alone;
        private boolean granted;
        /** The one that waits behind this one. */
        private Turn behind;

        Turn(Slot slot, Request request, boolean alone) {
            this.slot = slot;
            this.request = request;
            this.alone = alone;
        }
    }

    final int number;
    /** What the number stands for, or null. */
    Fid bound;
    /** The dialect of what is, was or was to be bound here, to answer errors in; null if there was nothing yet. */
    Dialect dialect;
    /** Whether what is bound comes from Tattach. */
    boolean attached;

    /** The turns that wait, as a list of their own: there may be a million slots, most of them idle. */
    private Turn first;
    private Turn last;
    private int together;
    private boolean alone;

    Slot(int number) {
        this.number = number;
    }

    /** Whether nothing is bound and nobody wants it. */
    boolean isIdle() {
        return bound == null && isUnused();
    }

    /** Whether no request names it. */
    boolean isUnused() {
        return together == 0 && !alone && first == null;
    }

    /** Takes a turn; the request is put into {@code ready} when it has had its turn everywhere. */
    void enter(Turn turn, Queue<Request> ready) {
        if (first == null) {
            first = turn;
        } else {
            last.behind = turn;
        }
        last = turn;
        grant(ready);
    }

    /** Gives up a turn, or a place in the queue for one. */
    void leave(Turn turn, Queue<Request> ready) {
        if (!turn.granted) {
            removeWaiting(turn);
        } else if (turn.alone) {
            alone = false;
        } else {
            together--;
        }
        grant(ready);
    }

    private void removeWaiting(Turn turn) {
        Turn before = null;
        for (Turn t = first; t != null; t = t.behind) {
            if (t == turn) {
                cut(before, t);
                return;
            }
            before = t;
        }
    }

    private void cut(Turn before, Turn turn) {
        if (before == null) {
            first = turn.behind;
        } else {
            before.behind = turn.behind;
        }
        if (last == turn) {
            last = before;
        }
        turn.behind = null;
    }

    private void grant(Queue<Request> ready) {
        for (Turn next = first; next != null && !alone && (!next.alone || together == 0); next = first) {
            cut(null, next);
            next.granted = true;
            if (next.alone) {
                alone = true;
            } else {
                together++;
            }
            next.request.granted(ready);
        }
    }
}
