package dev.ninetunnel.lease;

import dev.ninetunnel.fs.FileId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What waits until others have given up their leases. It holds nothing meanwhile. Belongs to the owner of the granter. */
final class Waits {
    private final Files files;
    private final LeaseTable table;
    private final FormerHolders former;
    private final TakenInTurn inTurn;
    private final Set<Rule> rules;

    Waits(Files files, LeaseTable table, FormerHolders former, TakenInTurn inTurn, Set<Rule> rules) {
        this.inTurn = inTurn;
        this.former = former;
        this.files = files;
        this.table = table;
        this.rules = rules;
    }

    /** Others are asked to give up what it touches. It begins within {@link #settle}. */
    void enter(Waiter waiter) {
        recallFor(waiter);
        waiter.inodes.forEach(inode -> inode.waiting.add(waiter));
    }

    /** A read waits for those who have files for themselves alone. */
    Waiter enter(Holder holder, Collection<FileId> ids, Runnable go) {
        Waiter waiter = new Waiter(holder, files.of(ids), false,
                lease -> lease.isExclusive() && lease.holder != holder, go);
        enter(waiter);
        return waiter;
    }

    void start(Waiter waiter) {
        settle(waiter.inodes);
    }

    void cancel(Waiter waiter) {
        if (waiter.waits()) {
            waiter.leave();
            settle(waiter.inodes);
        }
    }

    void recallFor(Waiter waiter) {
        for (Inode inode : waiter.inodes) {
            for (Lease lease : List.copyOf(inode.leases)) {
                if (waiter.touches(lease)) {
                    if (lease.isExclusive() && !lease.recalled) {
                        inTurn.taken(inode.id);
                    }
                    table.recall(lease);
                }
            }
        }
    }

    private boolean isHeldUp(Waiter waiter) {
        return (waiter.changes && !former.isEmpty() && rules.contains(Rule.WAIT_FOR_ACKS))
                || isHeldUpAtAny(waiter);
    }

    private boolean isHeldUpAtAny(Waiter waiter) {
        for (Inode inode : waiter.inodes) {
            if (isHeldUp(inode, waiter)) {
                return true;
            }
        }
        return false;
    }

    private boolean isHeldUp(Inode inode, Waiter waiter) {
        if (rules.contains(Rule.WAIT_FOR_ACKS)) {
            for (Lease lease : inode.leases) {
                if (waiter.touches(lease)) {
                    return true;
                }
            }
        }
        return rules.contains(Rule.BEGUN_WRITE_ENDS_FIRST) && !inode.behinds.isEmpty()
                && inode.behinds.stream().anyMatch(behind -> behind.holder != waiter.holder);
    }

    /** Begins what is not held up any more on these files. */
    void settle(Collection<Inode> at) {
        List<Waiter> ready = new ArrayList<>(0);
        for (Inode inode : at) {
            for (Waiter waiter : List.copyOf(inode.waiting)) {
                if (waiter.waits() && !isHeldUp(waiter)) {
                    waiter.leave();
                    ready.add(waiter);
                }
            }
            files.tidy(inode);
        }
        ready.forEach(Waiter::begin);
    }
}
