package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.serve.Slot.Mode;
import dev.ninetunnel.serve.Slot.Turn;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.NumberMap;
import dev.ninetunnel.wire.FidUse;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The fid numbers of a conversation that are bound or asked for. Used on the event loop only. */
final class Fids {
    private final NumberMap<Slot> slots = new NumberMap<>();
    private final int most;
    private final Quota quota;

    /** With the most numbers that may be in use at a time here, and by all conversations of the peer. */
    Fids(int most, Quota quota) {
        this.most = most;
        this.quota = quota;
    }

    int size() {
        return slots.size();
    }

    List<Slot> all() {
        return new ArrayList<>(slots.values());
    }

    /** The fids of upstream servers. */
    List<UpstreamFid> upstream() {
        List<UpstreamFid> all = new ArrayList<>();
        for (Slot slot : slots.values()) {
            if (slot.bound instanceof UpstreamFid fid) {
                all.add(fid);
            }
        }
        return all;
    }

    /** The fids of served trees that hold more than a name. */
    List<TreeFid> held() {
        List<TreeFid> held = new ArrayList<>();
        for (Slot slot : slots.values()) {
            if (slot.bound instanceof TreeFid fid && !(fid.use instanceof TreeFid.Use.None)) {
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
            Slot slot = slot(number);
            if (field.use() == FidUse.MAKE) {
                r.making = slot;
            }
            assign(r, slot, mode(field.use(), r.type, slot));
        }
        return null;
    }

    private boolean isFull(int number) {
        return (slots.size() >= most || quota.isFull()) && !slots.containsKey(number);
    }

    private Slot slot(int number) {
        Slot slot = slots.get(number);
        if (slot == null) {
            slot = new Slot(number);
            slots.put(number, slot);
            quota.beginFid();
        }
        return slot;
    }

    /** Names a further fid, that a request holds in a string. */
    void assign(Request r, int number) {
        assign(r, slot(number), Mode.TOGETHER);
    }

    private static void assign(Request r, Slot slot, Mode mode) {
        for (int i = 0; i < r.turns.size(); i++) {
            Turn turn = r.turns.get(i);
            if (turn.slot == slot) {
                r.turns.set(i, new Turn(slot, r, mode.compareTo(turn.mode) > 0 ? mode : turn.mode));
                return;
            }
        }
        r.turns.add(new Turn(slot, r, mode));
    }

    private static Mode mode(FidUse use, MessageType type, Slot slot) {
        return switch (use) {
            case MAKE, END -> Mode.ALONE;
            case AUTH -> Mode.TOGETHER;
            case USE -> mode(type, slot);
        };
    }

    /** What changes what a fid stands for must not be done at the same time as other requests on it. */
    private static Mode mode(MessageType type, Slot slot) {
        if (slot.bound instanceof UpstreamFid) {
            // The upstream server sees to the order.
            return Mode.TOGETHER;
        }
        boolean file = slot.bound instanceof TreeFid fid && fid.use instanceof TreeFid.Use.Opened opened
                && !opened.directory();
        return switch (type) {
            case TWALK, TXATTRWALK, TSTATFS, TREADLINK, TGETATTR, TFSYNC, TGETLOCK, TSTAT -> Mode.TOGETHER;
            case TREAD -> file ? Mode.TOGETHER : Mode.ALONE;
            case TWRITE -> file ? Mode.IN_ORDER : Mode.ALONE;
            default -> Mode.ALONE;
        };
    }

    /** The fid that a message names at a place, and what is bound to it; null for none. */
    Fid bound(ByteBuf frame, FidField field) {
        Slot slot = slots.get(Frame.int32(frame, field.in(frame)));
        return slot == null ? null : slot.bound;
    }

    /** What is bound to a number, or null. */
    Fid bound(int number) {
        Slot slot = slots.get(number);
        return slot == null ? null : slot.bound;
    }

    /** Forgets a slot if it is idle. */
    void tidy(Slot slot) {
        if (slot.isIdle() && slots.get(slot.number) == slot) {
            slots.remove(slot.number);
            quota.endFid();
        }
    }
}
