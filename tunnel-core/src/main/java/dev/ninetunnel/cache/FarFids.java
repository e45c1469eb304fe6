package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.FarSide;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The fids that one local client's cache has at the far side, and how one that exists here only comes to be there. */
final class FarFids {
    /** Never made, so that the far side's table of fids refuses what names it. */
    static final int UNKNOWN = Frame.NOFID - 1;
    private static final int MOST_STEPS = 16;

    private final Holder holder;
    private final FarSide far;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int fresh;

    FarFids(Holder holder, FarSide far) {
        this.holder = holder;
        this.far = far;
    }

    /** One that a request is about to make. */
    FarFid fresh() {
        return new FarFid(free.isEmpty() ? fresh++ : free.pop());
    }

    /** The far side has nothing under its number, which can be used again when nothing that is asked names it. */
    void free(FarFid fid) {
        boolean again = fid.ended;
        fid.ended = true;
        if (fid.pins == 0 && !again) {
            free.push(fid.number);
        }
    }

    /** A question that names it, and was counted among its pins, is over. */
    void unpin(FarFid fid) {
        fid.pins--;
        if (fid.pins == 0 && fid.ended) {
            free.push(fid.number);
        }
    }

    // ---- here only

    /** A fid begins to exist here only, by these names from another, each of which was known. */
    void derive(LocalFid fid, LocalFid from, List<LocalFid.Step> names) {
        if (from.far == null && from.steps.size() + names.size() > MOST_STEPS) {
            make(from);
        }
        fid.base = from.far == null ? from.base : from.far;
        fid.base.uses++;
        fid.at = names.isEmpty() ? from.at : names.getLast();
        if (names.isEmpty()) {
            fid.original = from.original == null ? from : from.original;
        }
        if (from.far != null) {
            fid.steps = names;
        } else {
            List<LocalFid.Step> steps = new ArrayList<>(from.steps);
            steps.addAll(names);
            fid.steps = steps;
        }
        fid.steps.forEach(step -> step.directory().walkers.add(fid));
    }

    /** A fid of the cache's own, by these names from another, each of which was known. It is to be ended by {@link #end}. */
    LocalFid shadow(LocalFid from, List<LocalFid.Step> names, Qid qid, Name name) {
        LocalFid made = new LocalFid(from.client);
        made.qid = qid;
        made.name = name;
        derive(made, from, names);
        return made;
    }

    /** A fid that the far side has, and a name from there, by which it is told of a directory; empty for the fid itself. */
    record Place(int fid, Text name) {}

    /** Where a directory is, by its name in the one that a fid of the cache's own stands for; empty for that one. */
    Place place(LocalFid shadow, Text child) {
        List<Text> path = new ArrayList<>(names(shadow));
        if (!child.isEmpty()) {
            path.add(child);
        }
        if (shadow.far == null && path.size() > 1) {
            make(shadow);
        }
        return shadow.far == null
                ? new Place(shadow.base.number, path.isEmpty() ? Text.EMPTY : path.getFirst())
                : new Place(shadow.far.number, child);
    }

    /** A fid of the cache's own is of no use any more. */
    void end(LocalFid shadow) {
        if (release(shadow)) {
            clunk(shadow.far);
        }
    }

    /** Makes the one that it is a copy of, so that others that are copied from that need not wait for where their names lead. */
    void makeOriginal(LocalFid copy) {
        LocalFid original = copy.far == null ? copy.original : null;
        if (original != null && !original.isOver && !original.isOpen()) {
            make(original);
        }
    }

    /** Makes it at the far side if it is not there, and opens it there if it is open. */
    void make(LocalFid fid) {
        if (fid.far == null) {
            FarFid same = same(fid);
            List<Text> names = same == null ? names(fid) : List.of();
            fid.far = fresh();
            fid.far.late = true;
            fid.far.copyOf = same;
            fid.far.sentFrom = same == null && far.mayAskNow() ? fid.base : null;
            far.askNow(frame(new Twalk(same == null ? fid.base.number : same.number, fid.far.number, names)),
                    MessageType.TWALK, same == null ? LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES : 0,
                    new Making(fid, fid.far, names.size(), true));
        }
        if (fid.isOpen() && !fid.far.opened && !fid.far.failed) {
            own(fid);
            fid.far.opened = true;
            far.askNow(frame(new Tlopen(fid.far.number, fid.flags)), MessageType.TLOPEN, 0,
                    new Opening(fid, fid.far));
        }
    }

    /** What the far side has of the same file as a fid that exists here only; null if that is not sure. */
    private static FarFid same(LocalFid fid) {
        LocalFid original = fid.original;
        if (fid.steps.isEmpty()) {
            return fid.base;
        }
        boolean isThere = original != null && !original.isOver && original.far != null && !original.far.opened;
        return isThere ? original.far : null;
    }

    /** Makes sure that what is done to the far side's fid is done to this one alone. */
    void own(LocalFid fid) {
        if (fid.far.uses > 1) {
            FarFid shared = fid.far;
            fid.far = fresh();
            fid.far.late = true;
            fid.far.copyOf = shared;
            far.askNow(frame(new Twalk(shared.number, fid.far.number, List.of())), MessageType.TWALK, 0,
                    new Making(fid, fid.far, 0, false));
            shared.uses--;
        }
    }

    /** Asks what a name in a directory stands for, without a lease; null tells that it is not to be had. */
    void find(FarFid directory, Text name, Consumer<Name> told) {
        FarFid found = fresh();
        far.askNow(frame(new Twalk(directory.number, found.number, List.of(name))), MessageType.TWALK, 0,
                new Finding(found, told));
    }

    private static List<Text> names(LocalFid fid) {
        return fid.steps.stream().map(LocalFid.Step::name).toList();
    }

    /** The local client has it no more. Returns whether the far side's is to be ended by the caller. */
    boolean release(LocalFid fid) {
        if (fid.ahead != null) {
            fid.ahead.stop();
        }
        fid.isOver = true;
        holder.closed(fid);
        dropReader(fid);
        if (fid.far == null) {
            leaveBase(fid);
            return false;
        }
        return --fid.far.uses == 0 && !fid.far.failed;
    }

    /** Ends an unused one, in turn behind what the client has asked for. */
    void clunk(FarFid fid) {
        far.ask(frame(new Tclunk(fid.number)), MessageType.TCLUNK, 0, new Freeing(fid));
    }

    private void leaveBase(LocalFid fid) {
        List<LocalFid.Step> steps = fid.steps;
        fid.steps = List.of();
        FarFid base = fid.base;
        fid.base = null;
        steps.forEach(step -> step.directory().walkers.remove(fid));
        if (base != null && --base.uses == 0 && !base.failed) {
            clunk(base);
        }
        steps.forEach(step -> holder.settled(step.directory()));
    }

    private void dropReader(LocalFid fid) {
        for (Lease lease : fid.readerOf) {
            lease.readers.remove(fid);
        }
        List<Lease> all = fid.readerOf;
        fid.readerOf = List.of();
        all.forEach(holder::settled);
    }

    private ByteBuf frame(Tmessage message) {
        ByteBuf out = far.alloc().buffer(64);
        message.write(out, 0);
        return out;
    }

    /** The walk that makes a fid late. */
    private final class Making extends Ask {
        private final LocalFid fid;
        private final FarFid made;
        private final int names;
        /** Whether the fid existed here only. */
        private final boolean derived;

        Making(LocalFid fid, FarFid made, int names, boolean derived) {
            super(FarFids.this.holder, null, true);
            this.fid = fid;
            this.made = made;
            this.names = names;
            this.derived = derived;
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int got, long lease) {
            Errno faultOfOriginal = made.fault();
            made.copyOf = null;
            made.sentFrom = null;
            boolean whole = type == MessageType.RWALK && Frame.int16(reply, Frame.HEADER) == names;
            if (whole && faultOfOriginal == null && isWhereItWasTo(reply)) {
                made.bound = true;
                if (got != 0 && isKept()) {
                    fid.adopt(holder, got, lease);
                }
            } else {
                made.failed = true;
                made.isRefused(type, reply, faultOfOriginal);
                if (whole) {
                    clunk(made);
                } else {
                    free(made);
                }
            }
            reply.release();
            leave();
            return null;
        }

        private void leave() {
            if (derived) {
                leaveBase(fid);
            }
            holder.fidAnswered();
        }

        /** Names may have changed by what no lease tells of: then it is another file (ESTALE). */
        private boolean isWhereItWasTo(ByteBuf reply) {
            int last = Frame.int16(reply, Frame.HEADER) - 1;
            return last < 0 || Frame.int64(reply,
                    Frame.HEADER + 2 + last * Qid.BYTES + Qid.BYTES - Long.BYTES) == fid.qid.path();
        }

        @Override
        void gone() {
            made.failed = true;
            leave();
        }
    }

    /** The walk by a name of which only that matters where it leads. */
    private final class Finding implements Asked {
        private final FarFid found;
        private final Consumer<Name> told;

        Finding(FarFid found, Consumer<Name> told) {
            this.found = found;
            this.told = told;
        }

        @Override
        public ByteBuf answered(MessageType type, ByteBuf reply, int got, long lease) {
            Name name = name(type, reply);
            if (name != null && name.qid != null) {
                clunk(found);
            } else {
                free(found);
            }
            reply.release();
            tell(name);
            return null;
        }

        private static Name name(MessageType type, ByteBuf reply) {
            if (type == MessageType.RWALK && Frame.int16(reply, Frame.HEADER) == 1) {
                return new Name(Qid.read(reply.slice().skipBytes(Frame.HEADER + 2)), null);
            }
            boolean isAbsent = type == MessageType.RLERROR
                    && Frame.int32(reply, Frame.HEADER) == Errno.ENOENT.number();
            return isAbsent ? new Name(null, null) : null;
        }

        private void tell(Name name) {
            told.accept(name);
            holder.fidAnswered();
        }

        @Override
        public void lost() {
            tell(null);
        }
    }

    /** Opens a fid late that is open here. */
    private final class Opening implements Asked {
        private final LocalFid fid;
        private final FarFid opened;

        Opening(LocalFid fid, FarFid opened) {
            this.fid = fid;
            this.opened = opened;
        }

        @Override
        public ByteBuf answered(MessageType type, ByteBuf reply, int got, long lease) {
            if (type != MessageType.RLOPEN) {
                opened.isRefused(type, reply, opened.fault());
            }
            reply.release();
            dropReader(fid);
            holder.fidAnswered();
            return null;
        }

        @Override
        public void lost() {
            opened.failed = true;
            dropReader(fid);
            holder.fidAnswered();
        }
    }

    /** Waits for the end of a fid, whose number can be used again then. */
    final class Freeing implements Asked {
        private final FarFid fid;

        Freeing(FarFid fid) {
            this.fid = fid;
        }

        @Override
        public ByteBuf answered(MessageType type, ByteBuf reply, int got, long lease) {
            free(fid);
            return reply;
        }

        @Override
        public void lost() {}
    }
}
