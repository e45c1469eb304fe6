package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.wire.LeaseKinds;
import java.util.Collection;
import java.util.Set;

/** Changes of files, which wait until nobody else knows of what they make wrong. Belongs to the owner of the granter. */
final class Changes {
    private final Files files;
    private final Waits waits;
    private final Set<Rule> rules;
    /** Those under way that began when there was nothing to be told. */
    private int unseen;

    Changes(Files files, Waits waits, Set<Rule> rules) {
        this.files = files;
        this.waits = waits;
        this.rules = rules;
    }

    boolean areUnseen() {
        return unseen > 0;
    }

    void beginUnseen() {
        unseen++;
    }

    void endUnseen() {
        unseen--;
    }

    Change propose(Holder holder, Object attach, Collection<FileId> of, boolean rights,
            Set<ChangeWatch.Changed> names, Runnable go) {
        Change change = new Change(holder, attach, files.of(of), rights, names, go);
        change.inodes.forEach(inode -> inode.changes.add(change));
        if (rules.contains(Rule.BREAK_BEFORE_CHANGE)) {
            waits.enter(change.waiter);
        }
        return change;
    }

    void start(Change change) {
        if (rules.contains(Rule.BREAK_BEFORE_CHANGE)) {
            waits.settle(change.inodes);
        } else {
            change.waiter.leave();
            change.waiter.begin();
        }
    }

    void run(Change change) {
        change.runs = true;
        change.inodes.forEach(inode -> inode.begin(change));
    }

    Grant carriedOut(Change change, int want) {
        Grant kept = kept(change, want);
        end(change);
        return kept;
    }

    @SuppressWarnings("ReferenceEquality")
    private Grant kept(Change change, int want) {
        Inode directory = change.directory == null ? null : files.known(change.directory);
        if (directory == null || directory.alone != change || (want & LeaseKinds.NAMES) == 0) {
            return Grant.NONE;
        }
        Lease lease = directory.of(change.holder, change.attach);
        boolean held = lease != null && lease.told && !lease.recalled && (lease.kinds & LeaseKinds.NAMES) != 0;
        return held ? new Grant(LeaseKinds.NAMES, lease.number) : Grant.NONE;
    }

    void end(Change change) {
        if (change.over) {
            return;
        }
        change.over = true;
        if (!rules.contains(Rule.BREAK_BEFORE_CHANGE)) {
            waits.recallFor(change.waiter);
        }
        change.waiter.leave();
        for (Inode inode : change.inodes) {
            inode.changes.remove(change);
            if (change.runs) {
                inode.end();
            }
        }
        waits.settle(change.inodes);
    }
}
