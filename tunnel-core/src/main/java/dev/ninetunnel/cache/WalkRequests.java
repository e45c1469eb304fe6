package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Walks of one local client: by names that are known they lead to fids that exist here only (walk(5)). */
final class WalkRequests {
    private static final int MOST_NAMES = 16;
    private static final Text HERE = Text.of(".");
    private static final Text PARENT = Text.of("..");

    private final CachedClient client;
    private final TreesAhead trees;
    private final Holder holder;

    WalkRequests(CachedClient client, TreesAhead trees) {
        this.client = client;
        this.trees = trees;
        this.holder = client.holder;
    }

    void take(Pending request) {
        ByteBuf frame = request.frame();
        if (Frame.int16(frame, Frame.HEADER + 8) > MOST_NAMES) {
            request.answer(client.replies.error(Errno.EINVAL));
            return;
        }
        LocalFid from = client.first(request);
        if (from == null) {
            return;
        }
        int number = Frame.int32(frame, Frame.HEADER);
        int newNumber = Frame.int32(frame, Frame.HEADER + 4);
        if (newNumber != number && !client.mayMake(request, newNumber)) {
            return;
        }
        List<Text> names = ((Twalk) Tmessage.read(frame)).names();
        if (newNumber == number && names.isEmpty() && from.qid != null) {
            // It stays what it is, and open if it is.
            request.answer(client.replies.walked(List.of()));
        } else if (from.qid == null || from.isOpen() || !answer(request, from, newNumber, names)) {
            ask(request, from, newNumber, names);
        }
    }

    // ---- here

    private boolean answer(Pending request, LocalFid from, int newNumber, List<Text> names) {
        Lease at = from.lease();
        Name name = from.name;
        List<Qid> qids = new ArrayList<>(names.size());
        List<LocalFid.Step> steps = new ArrayList<>(names.size());
        for (Text text : names) {
            Name next = known(at, text);
            if (next == null) {
                trees.missed(from, steps, qids.isEmpty() ? from.qid : qids.getLast(), name, text);
                return false;
            }
            holder.used(at, client.far);
            if (at.isAhead) {
                trees.comesTo(from, steps, qids.isEmpty() ? from.qid : qids.getLast(), name, true);
            }
            if (next.qid == null) {
                if (qids.isEmpty()) {
                    client.lend(request, at, LeaseKinds.NAMES);
                }
                request.answer(
                        qids.isEmpty() ? client.replies.error(Errno.ENOENT) : client.replies.walked(qids));
                return true;
            }
            if (client.looks && next.along == null && qids.size() + 1 == names.size()
                    && !Lease.answers(next.lease, LeaseKinds.ATTRIBUTES)) {
                trees.missed(from, List.copyOf(steps), qids.isEmpty() ? from.qid : qids.getLast(), name, text);
            }
            steps.add(new LocalFid.Step(at, text));
            qids.add(next.qid);
            name = next;
            at = next.lease;
        }
        LocalFid made = new LocalFid(client);
        made.qid = qids.isEmpty() ? from.qid : qids.getLast();
        made.name = name;
        client.farFids.derive(made, from, steps);
        moveOrPut(newNumber, made);
        client.lend(request, at, LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES);
        request.answer(client.replies.walked(qids));
        return true;
    }

    /** What a name in a directory stands for, absence too; null if that is not known. */
    private static Name known(Lease directory, Text name) {
        if (!Lease.answers(directory, LeaseKinds.NAMES) || name.equals(HERE) || name.equals(PARENT)) {
            return null;
        }
        Name known = directory.names().get(name);
        return known == null && directory.lacks(name) ? new Name(null, null) : known;
    }

    private void moveOrPut(int number, LocalFid made) {
        LocalFid before = client.fid(number);
        client.put(number, made);
        if (before != null && client.farFids.release(before)) {
            client.farFids.clunk(before.far);
        }
    }

    // ---- at the far side

    private void ask(Pending request, LocalFid from, int newNumber, List<Text> names) {
        holder.missed();
        LocalFid made = new LocalFid(client);
        made.far = client.farFids.fresh();
        ByteBuf frame = request.frame();
        boolean moves = Frame.int32(frame, Frame.HEADER) == newNumber;
        Frame.int32(frame, Frame.HEADER + 4, made.far.number);
        if (!moves) {
            client.put(newNumber, made);
        }
        Walking asked = new Walking(request, from, made, newNumber, names, moves);
        int want = LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES;
        if (from.far == null && from.steps.isEmpty() && !from.isOpen()) {
            Frame.int32(frame, Frame.HEADER, from.base.number);
            request.send(want, asked);
        } else {
            client.pass(request, from, want, asked);
        }
        if (!names.isEmpty() && client.looks) {
            AttributesAlong.ask(client, made, LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES);
        }
    }

    /** Waits for where a walk leads. */
    private final class Walking extends Ask {
        private final Pending request;
        private final LocalFid from;
        private final LocalFid made;
        private final int number;
        private final List<Text> names;
        /** Whether it is the fid itself that goes there. */
        private final boolean moves;
        private final Lease directory;

        Walking(Pending request, LocalFid from, LocalFid made, int number, List<Text> names, boolean moves) {
            super(WalkRequests.this.holder, from.qid == null ? null : holder(from), true);
            this.request = request;
            this.from = from;
            this.made = made;
            this.number = number;
            this.names = names;
            this.moves = moves;
            this.directory = from.lease();
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int got, long lease) {
            int count = type == MessageType.RWALK ? Frame.int16(reply, Frame.HEADER) : -1;
            if (count == names.size()) {
                arrived(reply, count, got, lease);
            } else {
                failed(type, reply, got, lease);
            }
            return client.replies.about(from.fault(), reply);
        }

        private void arrived(ByteBuf reply, int count, int got, long lease) {
            made.far.bound = true;
            made.qid = count == 0 ? from.qid : qid(reply, count - 1);
            if (got != 0 && isKept() && made.qid != null) {
                client.lend(request, made.adopt(holder, got, lease), LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES);
            }
            if (count > 0 && mayKeepNames()) {
                keep(qid(reply, 0), count == 1);
            } else if (count == 0) {
                made.name = from.name;
                made.at = from.at;
            }
            if (moves) {
                moveOrPut(number, made);
            }
        }

        private void keep(Qid qid, boolean last) {
            Name known = directory.names().get(names.getFirst());
            boolean same = known != null && known.qid != null && known.qid.path() == qid.path();
            Name name = same ? known : directory.name(names.getFirst(), qid, last ? made.lease() : null);
            if (last) {
                made.name = name;
                made.at = new LocalFid.Step(directory, names.getFirst());
            }
            holder.grown(directory);
        }

        private void failed(MessageType type, ByteBuf reply, int got, long lease) {
            if (!moves) {
                client.forget(number, made);
            }
            made.far.failed = true;
            client.farFids.free(made.far);
            boolean isAbsent = type == MessageType.RLERROR && names.size() == 1
                    && Frame.int32(reply, Frame.HEADER) == Errno.ENOENT.number();
            if (isAbsent && isKept() && from.qid != null && !from.isStale()) {
                Lease of = got == 0 ? directory : from.adopt(holder, got, lease);
                if (of != null && of.live && of.holds(LeaseKinds.NAMES) && inode == of.inode) {
                    of.name(names.getFirst(), null, null);
                    holder.grown(of);
                    client.lend(request, of, LeaseKinds.NAMES);
                }
            }
        }

        /** Whether the directory's names were held when this was asked, and have been since. */
        private boolean mayKeepNames() {
            return isKept() && directory != null && directory.live && directory.holds(LeaseKinds.NAMES)
                    && directory.inode == inode;
        }

        @Override
        void gone() {
            if (!moves) {
                client.forget(number, made);
            }
            made.far.failed = true;
        }
    }

    private Inode holder(LocalFid from) {
        return holder.inode(from.qid.path());
    }

    private static Qid qid(ByteBuf reply, int index) {
        return Qid.read(reply.slice().skipBytes(Frame.HEADER + 2 + index * Qid.BYTES));
    }
}
