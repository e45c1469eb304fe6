package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Set;

/** A question whose answer may be kept: what it is about, and whether anything has happened meanwhile that forbids to keep it. */
abstract class Ask implements Asked {
    final Holder holder;
    /** What it is about, as far as that is known; or null. */
    final Inode inode;
    /** Whether it may also be about a file that only the answer tells. */
    private final boolean leadsElsewhere;
    private final long at;
    /** Of one about files that the answer tells: those that have been changed meanwhile, by the paths of their qids. */
    private final Set<Long> changed;
    /** The same: leases that have been broken meanwhile. */
    private final Set<Long> broken;
    private boolean marked;

    Ask(Holder holder, Inode inode, boolean leadsElsewhere) {
        this.holder = holder;
        this.inode = inode;
        this.leadsElsewhere = leadsElsewhere;
        this.changed = null;
        this.broken = null;
        this.at = holder.now();
        this.marked = holder.obeys(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT)
                && (inode == null
                        ? holder.ownChanges.areAny()
                        : inode.isChanging() || holder.ownChanges.areOpen());
        holder.add(this);
        if (inode != null) {
            inode.asks.add(this);
        }
    }

    /** About files that only the answer tells, see {@link #isKept(long, long)}; and about one that is known, or null. */
    Ask(Holder holder, Inode inode) {
        this.holder = holder;
        this.inode = inode;
        this.leadsElsewhere = false;
        this.changed = new HashSet<>();
        this.broken = new HashSet<>();
        this.at = holder.now();
        if (holder.obeys(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT)) {
            this.marked = holder.ownChanges.areOpen() || (inode != null && inode.isChanging());
            holder.ownChanges.inodes().forEach(each -> changed.add(each.path));
        }
        holder.add(this);
        if (inode != null) {
            inode.asks.add(this);
        }
    }

    /** A null lease is one that is not known here. */
    private boolean mayBeAbout(Lease lease) {
        return leadsElsewhere || inode == null || lease == null || lease.inode == inode;
    }

    /** A lease of this number is broken; a null lease is one that is not known here. */
    void breaks(long number, Lease lease) {
        if (broken == null) {
            marked |= mayBeAbout(lease);
        } else {
            broken.add(number);
            marked |= lease != null && lease.inode == inode;
        }
    }

    /** A change of our own of some file begins, which may be among those that the answer is about. */
    void changes(Inode touched) {
        if (changed != null) {
            changed.add(touched.path);
        }
    }

    /** A change of our own begins, of which it is not known yet what it touches. */
    void changes() {
        if (inode == null && changed == null) {
            mark();
        }
    }

    /** Whether what the answer tells of a file may be kept, by the lease of this number. */
    boolean isKept(long path, long number) {
        return !marked && !changed.contains(path) && !broken.contains(number);
    }

    /** Whether a lease of this number was broken meanwhile. */
    boolean isBroken(long number) {
        return broken.contains(number);
    }

    /** For how long it has been under way, in nanoseconds. */
    long age() {
        return holder.now() - at;
    }

    /** The answer is not to be kept. */
    void mark() {
        marked = true;
    }

    boolean isKept() {
        return !marked;
    }

    @Override
    public final ByteBuf answered(MessageType type, ByteBuf reply, int got, long lease) {
        holder.heard(at);
        over();
        try {
            return take(type, reply, got, lease);
        } finally {
            release();
        }
    }

    @Override
    public final void lost() {
        over();
        gone();
        release();
    }

    private void over() {
        holder.remove(this);
        if (inode != null) {
            inode.asks.remove(this);
        }
    }

    /** The inode is not forgotten before what the answer tells of it is kept, or it would be found by nobody. */
    private void release() {
        if (inode != null) {
            holder.release(inode);
        }
    }

    /** The same as {@link Asked#answered}. */
    abstract ByteBuf take(MessageType type, ByteBuf reply, int got, long lease);

    /** The same as {@link Asked#lost}. */
    void gone() {}
}
