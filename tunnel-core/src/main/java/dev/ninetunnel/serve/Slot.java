package dev.ninetunnel.serve;

import dev.ninetunnel.wire.Dialect;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The place of one fid number: what is bound to it, and the requests that name it, in the order of their arrival. Those
 * that change nothing go side by side; writes to a file go a few at a time to {@link InOrder}, which does one after the
 * other; any other goes alone. So each number behaves as if its requests were done one
 * after the other, whatever is bound and unbound between them, and a clunk may be followed at once by a walk that
 * makes the same number anew (rule M4).
 *
 * <p>A request that names two fids takes its turn in both slots when it arrives. As all turns are taken in order of arrival, no
 * two requests wait for one another. Used on the event loop only.
 */
final class Slot {
    /** How many writes are handed over at a time: while one is done, the next is at hand. */
    private static final int MOST_IN_ORDER = 4;

    /** How a request goes together with others. */
    enum Mode {
        /** With others of its mode, in any order. */
        TOGETHER,
        /** With others of its mode, which are done in order. */
        IN_ORDER, ALONE
    }

    /** A request's turn at a slot. */
    static final class Turn {
        final Slot slot;
        final Request request;
        final Mode mode;
        private boolean granted;
        /** Whether it waits for the loop's next turn. */
        private boolean later;
        /** Whether it is for a worker to do. */
        private boolean handedOver;
        /** The one that waits behind this one. */
        private Turn behind;

        Turn(Slot slot, Request request, Mode mode) {
            this.slot = slot;
            this.request = request;
            this.mode = mode;
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
    /** How many have their turn, all of one mode. */
    private int granted;
    private Mode mode;
    private InOrder inOrder;
    /** How many writes that have their turn wait for the loop's next one. */
    private byte later;
    /** How many a worker is to do. */
    private byte handedOver;

    Slot(int number) {
        this.number = number;
    }

    /** Whether nothing is bound and nobody wants it. */
    boolean isIdle() {
        return bound == null && isUnused();
    }

    /** Whether no request names it. */
    boolean isUnused() {
        return granted == 0 && first == null;
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
        } else {
            granted--;
            resume(turn);
            handedOver -= (byte) (turn.handedOver ? 1 : 0);
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
        for (Turn next = first; next != null && mayGo(next.mode); next = first) {
            cut(null, next);
            next.granted = true;
            mode = next.mode;
            granted++;
            next.request.granted(ready);
        }
    }

    private boolean mayGo(Mode next) {
        return granted == 0 || (next == mode && switch (next) {
            case TOGETHER -> true;
            case IN_ORDER -> granted < MOST_IN_ORDER;
            case ALONE -> false;
        });
    }

    /** Has a write that has its turn here wait for the loop's next one. Those that come after it must not go before it. */
    void postpone(Turn turn) {
        turn.later = true;
        later++;
    }

    /** It waits no more. */
    void resume(Turn turn) {
        later -= (byte) (turn.later ? 1 : 0);
        turn.later = false;
    }

    /** Leaves a request to a worker. Writes that come after it must not go before it. */
    void handOver(Turn turn) {
        if (turn.mode == Mode.IN_ORDER) {
            turn.handedOver = true;
            handedOver++;
        }
    }

    /** Whether writes wait for the loop's next turn. */
    boolean hasLater() {
        return later > 0;
    }

    /** Whether workers have writes. */
    boolean hasHandedOver() {
        return handedOver > 0;
    }

    /** What does the writes of this fid, and hands what it has made to the taker. */
    InOrder inOrder(Workers workers, Consumer<List<Made>> taker) {
        if (inOrder == null) {
            inOrder = new InOrder(workers, System::nanoTime, taker);
        }
        return inOrder;
    }
}
