package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A change by a local client. From its arrival on, nothing about what it touches is answered here (rule 9), and what is being
 * asked about that is not kept (rule 10). It is sent when the fids that go by the names that it touches are at the far side
 * (rule 13). What was known is forgotten then, but for the names of a directory that the far side says are held still.
 */
final class Change extends Passing implements Asked {
    /** Of Tlcreate (O_EXCL). */
    private static final int EXCLUSIVE = 0200;

    private final Holder holder;
    private final MessageType type;
    private final long at;
    private final LocalFid fid;
    private final int number;
    private Scope scope;
    /** Names of which the far side is asked what they stand for. */
    private int finding;
    /** Whether it may touch a file that comes to be known only now. */
    private boolean isOpen;
    private boolean isOver;
    private boolean overlaps;
    /** Of the directory whose names it changes, and whose other names may be known still; or null. */
    private Lease directory;
    private Text name;
    /** Of an open. */
    private int flags;
    /** Of a file that is made: its attributes, while they are on their way; or null. */
    private AttributesAlong along;
    /** Of a file that is made: what stands for its directory still; or null. */
    private LocalFid parent;
    /** Leases that were asked back meanwhile and not known. */
    private Set<Long> broken = Set.of();
    private boolean wasOpen;

    Change(CachedClient server, Pending request) {
        super(server, request);
        this.holder = server.holder;
        this.type = request.type();
        this.at = holder.now();
        this.number = Frame.int32(request.frame(), Frame.HEADER);
        this.fid = server.fid(number);
    }

    @Override
    void begin() {
        if (server.first(request) == null) {
            stale();
            return;
        }
        wasOpen = fid.isOpen();
        see();
        scope = new Scope(server, request, named);
        holder.ownChanges.begin(this);
        scope.inodes().forEach(this::stop);
        if (scope.isOpen()) {
            open();
        }
        if (creates()) {
            parent = fid.original;
            server.farFids.makeOriginal(fid);
        }
        super.begin();
    }

    private void see() {
        ByteBuf frame = request.frame();
        switch (type) {
            case TLCREATE, TSYMLINK, TMKNOD, TMKDIR, TUNLINKAT -> {
                name = Text.read(frame.slice().skipBytes(Frame.HEADER + 4));
                directory = fid.lease();
                if (type == MessageType.TLCREATE) {
                    flags = Frame.int32(frame, Frame.HEADER + 4 + 2 + name.length());
                }
            }
            case TLOPEN, TTMPFILE -> flags = Frame.int32(frame, Frame.HEADER + 4);
            default -> {
            }
        }
    }

    Scope scope() {
        return scope;
    }

    private void stop(Inode inode) {
        if (holder.obeys(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT)) {
            overlaps |= !inode.changes.isEmpty();
            inode.changes.forEach(other -> other.overlaps = true);
        }
        holder.ownChanges.touch(inode, this);
    }

    private void touch(Inode inode) {
        if (scope.add(inode)) {
            stop(inode);
        }
    }

    private void open() {
        if (!isOpen) {
            isOpen = true;
            holder.ownChanges.open();
        }
    }

    /** A lease of this number is asked back; a null one is not known here. From now on a name may come to stand for another file. */
    void broken(long lost, Lease lease) {
        if (broken.isEmpty()) {
            broken = new HashSet<>(2);
        }
        broken.add(lost);
        if (scope.goesBy(lease == null ? null : lease.inode)) {
            open();
        }
    }

    // ---- before it is sent

    @Override
    void settle() {
        if (opens() || ends() || type == MessageType.TXATTRCREATE) {
            // Others that begin at the far side's fid would end, or become something else, with this one.
            server.farFids.own(fid);
        }
        bind();
        for (Scope.Entry entry : scope.unknown()) {
            finding++;
            server.farFids.find(entry.directory().far, entry.name(), this::found);
        }
    }

    private void bind() {
        for (Lease lease : leases()) {
            if (holder.obeys(Rule.NAMES_BOUND_BEFORE_CHANGE) && takes(lease)) {
                holder.settle(lease);
            }
        }
        for (Lease lease : leases()) {
            lease.recallBut(server.loans);
        }
    }

    /** The far side has said what a name stands for; null if that is not to be had. */
    private void found(Name told) {
        finding--;
        if (isOver) {
            return;
        }
        if (told == null) {
            holder.inodes().forEach(this::touch);
        } else if (told.qid != null) {
            touch(holder.inode(told.qid.path()));
        }
        bind();
    }

    private boolean opens() {
        return !wasOpen && (creates() || type == MessageType.TLOPEN);
    }

    /** Whether the fid is gone afterwards, whatever the reply. */
    private boolean ends() {
        return type == MessageType.TCLUNK || type == MessageType.TREMOVE;
    }

    @Override
    void stale() {
        if (fid != null && ends()) {
            end();
        }
    }

    private void end() {
        server.forget(number, fid);
        server.farFids.release(fid);
    }

    /** Whether the fid stands for a new file afterwards. */
    private boolean creates() {
        return type == MessageType.TLCREATE || type == MessageType.TTMPFILE;
    }

    /** Whether it may take what fids that exist here only go by: a name that is made is none of theirs. */
    private boolean takes(Lease lease) {
        boolean adds = switch (type) {
            case TLCREATE, TSYMLINK, TMKNOD, TMKDIR, TLINK -> true;
            default -> false;
        };
        return !adds || fid.qid == null || lease.inode.path != fid.qid.path();
    }

    /** Whether that fid is what it was before it is carried out: the far side makes it first, as it keeps the order at a fid of both. */
    private boolean comesAfter(LocalFid made) {
        if (made.far != null) {
            for (LocalFid of : named) {
                if (made.far.isMadeBefore(of.far)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isBound(Lease lease) {
        if (!lease.readers.isEmpty()) {
            return false;
        }
        for (LocalFid walker : lease.walkers) {
            if (!comesAfter(walker)) {
                return false;
            }
        }
        return true;
    }

    private List<Lease> leases() {
        List<Lease> all = new ArrayList<>(0);
        for (Inode inode : scope.inodes()) {
            all.addAll(inode.leases);
        }
        return all;
    }

    @Override
    boolean isReady() {
        if (!super.isReady() || finding > 0 || !isWritten()) {
            return false;
        }
        for (Inode inode : scope.inodes()) {
            for (Lease lease : inode.leases) {
                if (isInTheWay(lease)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether something depends on what this lease covers that has to be over first. */
    private boolean isInTheWay(Lease lease) {
        boolean isUsed = holder.obeys(Rule.NAMES_BOUND_BEFORE_CHANGE) && takes(lease) && !isBound(lease);
        boolean isLent = holder.obeys(Rule.KERNEL_TOLD_OF_OWN_CHANGE) && !lease.isLentToNobodyBut(server.loans);
        return isUsed || isLent;
    }

    /** Whether the far side has all that was written behind to what it touches (rule 19). */
    private boolean isWritten() {
        if (server.awaits(type) && holder.isBehind()) {
            for (Inode inode : scope.inodes()) {
                if (inode.isBehind()) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    void send() {
        if (opens()) {
            fid.far.opened = true;
            fid.flags = flags;
        }
        switch (type) {
            case TXATTRCREATE -> fid.writesAttribute = true;
            case TCLUNK, TREMOVE -> end();
            default -> {
            }
        }
        boolean keepsNames = directory != null && directory.holds(LeaseKinds.NAMES);
        boolean isExclusive = type == MessageType.TWRITE && server.mayWriteBehind(fid);
        request.send((keepsNames ? LeaseKinds.NAMES : 0) | (isExclusive ? LeaseKinds.EXCLUSIVE : 0), this);
        if (type == MessageType.TLCREATE && (server.looks || server.mayWriteBehind(fid))) {
            int exclusive = server.mayWriteBehind(fid) ? LeaseKinds.EXCLUSIVE : 0;
            along = AttributesAlong.ask(server, fid, LeaseKinds.ATTRIBUTES | exclusive);
        }
    }

    // ---- after it

    @Override
    public ByteBuf answered(MessageType told, ByteBuf reply, int got, long lease) {
        holder.heard(at);
        boolean worked = told != MessageType.RLERROR;
        boolean keeps = worked && !overlaps && !isOpen && directory != null && directory.live
                && lease == directory.number
                && (got & LeaseKinds.NAMES) != 0;
        boolean isNew = creates() && ((flags & EXCLUSIVE) != 0 || (keeps && wasAbsent()));
        settle(reply, worked);
        if (worked && (got & LeaseKinds.EXCLUSIVE) != 0 && !broken.contains(lease) && fid.qid != null) {
            fid.adopt(holder, LeaseKinds.EXCLUSIVE, lease);
        }
        over(keeps ? directory : null);
        if (keeps) {
            learn(reply);
            lookAtParent();
        }
        if (along != null && fid.along == along) {
            along.isOf(fid.name, isNew);
        }
        return reply;
    }

    /** The attributes of the directory are not known any more: a kernel that keeps to modes asks for them before the next file. */
    private void lookAtParent() {
        boolean isThere = parent != null && !parent.isOver && parent.far != null && parent.far.bound
                && !parent.isStale();
        if (isThere && directory.isLookedAt && parent.lease() == directory && parent.name.along == null) {
            directory.isLookedAt = false;
            AttributesAlong.ask(server, parent, LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES).isOf(parent.name, false);
        }
    }

    private boolean wasAbsent() {
        Name known = directory.names().get(name);
        return known == null ? directory.lacks(name) : known.qid == null;
    }

    private void settle(ByteBuf reply, boolean worked) {
        if (opens() && !worked) {
            fid.far.opened = false;
            fid.flags = LocalFid.NOT_OPEN;
        } else if (creates() && worked) {
            fid.become(qid(reply));
        } else if (ends()) {
            server.farFids.free(fid.far);
        }
    }

    /** What the name stands for now, in the directory whose names are known still. */
    private void learn(ByteBuf reply) {
        Name known = directory.name(name, type == MessageType.TUNLINKAT ? null : qid(reply), null);
        if (type == MessageType.TLCREATE) {
            fid.name = known;
            fid.at = known.place;
        }
        holder.grown(directory);
    }

    private static Qid qid(ByteBuf reply) {
        return Qid.read(reply.slice().skipBytes(Frame.HEADER));
    }

    @Override
    public void lost() {
        if (creates()) {
            fid.become(null);
        }
        if (holder.obeys(Rule.FLUSHED_CHANGE_DROPS_LEASE)) {
            leave();
            scope.inodes().forEach(inode -> List.copyOf(inode.leases).forEach(holder::forget));
        } else {
            leave();
        }
    }

    @Override
    void over() {
        leave();
    }

    private void over(Lease kept) {
        leave();
        for (Inode inode : scope.inodes()) {
            for (Lease lease : List.copyOf(inode.leases)) {
                if (lease == kept) {
                    lease.keepNames();
                    holder.grown(lease);
                } else {
                    holder.changed(lease, type == MessageType.TWRITE);
                }
            }
        }
    }

    private void leave() {
        isOver = true;
        holder.ownChanges.end(this);
        scope.inodes().forEach(inode -> holder.ownChanges.leave(inode, this));
        if (isOpen) {
            holder.ownChanges.close();
        }
    }
}
