package dev.ninetunnel.serve;

import dev.ninetunnel.serve.tree.Fid;
import dev.ninetunnel.wire.Dialect;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The place of one fid number: what is bound to it, and the requests that name it, in the order of their arrival. Those
 * that change nothing go side by side; writes to a file go a few at a time to {@link SerialExecutor}, which does one after the
 * other; any other goes alone. So each number behaves as if its requests were done one
 * after the other, whatever is bound and unbound between them, and a clunk may be followed at once by a walk that
 * makes the same number again (rule M4).
 *
 * <p>A request that names two fids takes its turn in both slots when it arrives. As all turns are taken in order of arrival, no
 * two requests wait for one another. Used on the event loop only.
 */
final class FidQueue {
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
    static final class Ticket {
        final FidQueue slot;
        final Request request;
        final Mode mode;
        private boolean granted;
        /** Whether it waits for the loop's next turn. */
        private boolean later;
        /** Whether it is for a worker to do. */
        private boolean handedOver;
        /** The one that waits behind this one. */
        private Ticket behind;

        Ticket(FidQueue fidQueue, Request request, Mode mode) {
            this.slot = fidQueue;
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
    private Ticket first;
    private Ticket last;
    /** How many have their turn, all of one mode. */
    private int granted;
    private Mode mode;
    private SerialExecutor serialExecutor;
    /** How many writes that have their turn wait for the loop's next one. */
    private byte later;
    /** How many a worker is to do. */
    private byte handedOver;

    FidQueue(int number) {
        this.number = number;
    }

    /** Whether nothing is bound and no request names it. */
    boolean isIdle() {
        return bound == null && isUnused();
    }

    /** Whether no request names it. */
    boolean isUnused() {
        return granted == 0 && first == null;
    }

    /** Takes a turn; the request is put into {@code ready} when it has had its turn everywhere. */
    void enter(Ticket ticket, Queue<Request> ready) {
        if (first == null) {
            first = ticket;
        } else {
            last.behind = ticket;
        }
        last = ticket;
        grant(ready);
    }

    /** Gives up a turn, or a place in the queue for one. */
    void leave(Ticket ticket, Queue<Request> ready) {
        if (!ticket.granted) {
            removeWaiting(ticket);
        } else {
            granted--;
            resume(ticket);
            handedOver -= (byte) (ticket.handedOver ? 1 : 0);
        }
        grant(ready);
    }

    private void removeWaiting(Ticket ticket) {
        Ticket before = null;
        for (Ticket t = first; t != null; t = t.behind) {
            if (t == ticket) {
                cut(before, t);
                return;
            }
            before = t;
        }
    }

    private void cut(Ticket before, Ticket ticket) {
        if (before == null) {
            first = ticket.behind;
        } else {
            before.behind = ticket.behind;
        }
        if (last == ticket) {
            last = before;
        }
        ticket.behind = null;
    }

    private void grant(Queue<Request> ready) {
        for (Ticket next = first; next != null && mayGo(next.mode); next = first) {
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
    void postpone(Ticket ticket) {
        ticket.later = true;
        later++;
    }

    /** It waits no more. */
    void resume(Ticket ticket) {
        later -= (byte) (ticket.later ? 1 : 0);
        ticket.later = false;
    }

    /** Leaves a request to a worker. Writes that come after it must not go before it. */
    void handOver(Ticket ticket) {
        if (ticket.mode == Mode.IN_ORDER) {
            ticket.handedOver = true;
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
    SerialExecutor inOrder(Workers workers, Consumer<List<WorkerResult>> taker) {
        if (serialExecutor == null) {
            serialExecutor = new SerialExecutor(workers, System::nanoTime, taker);
        }
        return serialExecutor;
    }
}
