package dev.ninetunnel.cache;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/** The changes by local clients that are not answered, and what is not to be kept meanwhile. Belongs to the loop of the client role. */
final class OwnChanges {
    private final Holder holder;
    private final Set<Change> all = new LinkedHashSet<>();
    private final Set<Inode> inodes = new HashSet<>();
    /** Those that may touch a file of which that is not known yet. */
    private int open;
    /** Those of which nobody knows what they touch. */
    private int blind;

    OwnChanges(Holder holder) {
        this.holder = holder;
    }

    /** Whether there are any. */
    boolean areAny() {
        return !all.isEmpty() || blind > 0;
    }

    /** Whether any file may be touched by one, whatever is known of it. */
    boolean areBlind() {
        return blind > 0;
    }

    /** Whether a file that is known to be touched by none may come to be. */
    boolean areOpen() {
        return open > 0 || blind > 0;
    }

    /** The files that are known to be touched. */
    Set<Inode> inodes() {
        return inodes;
    }

    /** One begins: what is asked about a file that is not known yet may be about what it touches. */
    void begin(Change change) {
        all.add(change);
        if (holder.obeys(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT)) {
            holder.asks().forEach(Ask::changes);
        }
    }

    void end(Change change) {
        all.remove(change);
    }

    /** From now on one touches a file. */
    void touch(Inode inode, Change change) {
        inode.changes.add(change);
        touch(inode);
    }

    /** From now on one that is answered here does. */
    void touch(Inode inode) {
        inodes.add(inode);
        if (holder.obeys(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT)) {
            inode.asks.forEach(Ask::mark);
            holder.asks().forEach(ask -> ask.changes(inode));
        }
    }

    /** That one is over. */
    void leave(Inode inode, Change change) {
        inode.changes.remove(change);
        leave(inode);
    }

    /** One that touched a file is over. */
    void leave(Inode inode) {
        if (!inode.isChanging()) {
            inodes.remove(inode);
        }
        holder.release(inode);
    }

    /** From now on one may touch a file that comes to be known only now: nothing is kept of what is asked, until {@link #close}. */
    void open() {
        open++;
        mark(_ -> true);
    }

    void close() {
        open--;
    }

    /** One begins of which nobody knows what it touches. */
    void beginBlind() {
        blind++;
        mark(_ -> true);
    }

    void endBlind() {
        blind--;
        holder.all().forEach(holder::forget);
    }

    /** A lease of this number is asked back; a null one is not known here. */
    void broken(long number, Lease lease) {
        all.forEach(change -> change.broken(number, lease));
    }

    private void mark(Predicate<Ask> which) {
        if (holder.obeys(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT)) {
            holder.asks().stream().filter(which).forEach(Ask::mark);
        }
    }
}
