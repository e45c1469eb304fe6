package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.serve.FidQueue.Mode;
import dev.ninetunnel.serve.FidQueue.Ticket;
import dev.ninetunnel.serve.tree.Fid;
import dev.ninetunnel.serve.tree.TreeFid;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.FidUse;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The fid numbers of a conversation that are bound or asked for. Used on the event loop only. */
final class FidTable {
    private final NumberMap<FidQueue> slots = new NumberMap<>();
    private final int most;
    private final Quota quota;

    /** With the most numbers that may be in use at a time here, and by all conversations of the peer. */
    FidTable(int most, Quota quota) {
        this.most = most;
        this.quota = quota;
    }

    int size() {
        return slots.size();
    }

    List<FidQueue> all() {
        return new ArrayList<>(slots.values());
    }

    /** The fids of upstream servers. */
    List<UpstreamFid> upstream() {
        List<UpstreamFid> all = new ArrayList<>();
        for (FidQueue fidQueue : slots.values()) {
            if (fidQueue.bound instanceof UpstreamFid fid) {
                all.add(fid);
            }
        }
        return all;
    }

    /** The fids of served trees that hold more than a name. */
    List<TreeFid> held() {
        List<TreeFid> held = new ArrayList<>();
        for (FidQueue fidQueue : slots.values()) {
            if (fidQueue.bound instanceof TreeFid fid && fid.isInUse()) {
                held.add(fid);
            }
        }
        return held;
    }

    /**
     * Gives a request a turn at each fid that it names, as its type's layout tells; no body is decoded.
     *
     * @return why it cannot be, or null: ENFILE if there is no room for the fid that it makes
     */
    Errno assign(Request r) {
        for (int i = 0; i < r.type.fidCount(); i++) {
            FidField field = r.type.fid(i);
            int number = Frame.int32(r.frame, field.in(r.frame));
            if (field.use() == FidUse.AUTH && number == Frame.NOFID) {
                continue;
            }
            if (number == Frame.NOFID) {
                return Errno.EBADF;
            }
            if (field.use() == FidUse.MAKE && isFull(number)) {
                return Errno.ENFILE;
            }
            FidQueue fidQueue = slot(number);
            if (field.use() == FidUse.MAKE) {
                r.making = fidQueue;
            }
            assign(r, fidQueue, mode(field.use(), r.type, fidQueue));
        }
        return null;
    }

    private boolean isFull(int number) {
        return (slots.size() >= most || quota.isFull()) && !slots.containsKey(number);
    }

    private FidQueue slot(int number) {
        FidQueue fidQueue = slots.get(number);
        if (fidQueue == null) {
            fidQueue = new FidQueue(number);
            slots.put(number, fidQueue);
            quota.beginFid();
        }
        return fidQueue;
    }

    /** Names a further fid, that a request holds in a string. */
    void assign(Request r, int number) {
        assign(r, slot(number), Mode.TOGETHER);
    }

    private static void assign(Request r, FidQueue fidQueue, Mode mode) {
        for (int i = 0; i < r.turns.size(); i++) {
            Ticket ticket = r.turns.get(i);
            if (ticket.slot == fidQueue) {
                r.turns.set(i, new Ticket(fidQueue, r, mode.compareTo(ticket.mode) > 0 ? mode : ticket.mode));
                return;
            }
        }
        r.turns.add(new Ticket(fidQueue, r, mode));
    }

    private static Mode mode(FidUse use, MessageType type, FidQueue fidQueue) {
        return switch (use) {
            case MAKE, END -> Mode.ALONE;
            case AUTH -> Mode.TOGETHER;
            case USE -> mode(type, fidQueue);
        };
    }

    /** What changes what a fid stands for must not be done at the same time as other requests on it. */
    private static Mode mode(MessageType type, FidQueue fidQueue) {
        if (fidQueue.bound instanceof UpstreamFid) {
            // The upstream server sees to the order.
            return Mode.TOGETHER;
        }
        boolean file = fidQueue.bound instanceof TreeFid fid && fid.isOpenFile();
        return switch (type) {
            case TWALK, TXATTRWALK, TSTATFS, TREADLINK, TGETATTR, TFSYNC, TGETLOCK, TSTAT, TLIST ->
                Mode.TOGETHER;
            case TREAD, TLSEEK, TCHECKSUM -> file ? Mode.TOGETHER : Mode.ALONE;
            case TWRITE -> file ? Mode.IN_ORDER : Mode.ALONE;
            default -> Mode.ALONE;
        };
    }

    /** The fid that a message names at a place, and what is bound to it; null for none. */
    Fid bound(ByteBuf frame, FidField field) {
        FidQueue fidQueue = slots.get(Frame.int32(frame, field.in(frame)));
        return fidQueue == null ? null : fidQueue.bound;
    }

    /** What is bound to a number, or null. */
    Fid bound(int number) {
        FidQueue fidQueue = slots.get(number);
        return fidQueue == null ? null : fidQueue.bound;
    }

    /** Forgets a slot if it is idle. */
    void tidy(FidQueue fidQueue) {
        if (fidQueue.isIdle() && slots.get(fidQueue.number) == fidQueue) {
            slots.remove(fidQueue.number);
            quota.endFid();
        }
    }
}
