package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What programs of this host change, told from what this endpoint changes itself. Their changes recall all leases on the file.
 * Belongs to the owner of the granter.
 */
final class Outsiders {
    private final Executor owner;
    private final ChangeWatch watch;
    private final Files files;
    private final LeaseTable table;
    private final Set<Rule> rules;

    Outsiders(Executor owner, ChangeWatch watch, Files files, LeaseTable table, Set<Rule> rules) {
        this.owner = owner;
        this.watch = watch;
        this.files = files;
        this.table = table;
        this.rules = rules;
    }

    void hear() {
        watch.drain(this::changed, this::lostTrack);
    }

    private void changed(ChangeWatch.Changed what, long number) {
        Inode inode = files.known(what.file());
        if (inode == null || (!what.others() && isOwn(inode, what, number))) {
            return;
        }
        if (inode.isRunning() && !what.others()) {
            inode.heard(what);
        } else {
            notice(inode);
        }
    }

    /** Whether it is a write under an exclusive lease that has changed the file, as far as is known yet. */
    private boolean isOwn(Inode inode, ChangeWatch.Changed what, long number) {
        if (what.name() != null || inode.behinds.isEmpty()) {
            return false;
        }
        return inode.isDoubtful(number) || !rules.contains(Rule.OWN_EVENTS_TOLD_APART);
    }

    private void lostTrack() {
        files.all().forEach(inode -> {
            inode.alone = null;
            notice(inode);
        });
    }

    /** The file has been changed by another program, or may have been. */
    void notice(Inode inode) {
        inode.known = null;
        List.copyOf(inode.leases).forEach(table::recall);
    }

    /** A write under an exclusive lease is over, and its own events have been heard of. */
    void carriedOut(Behind behind) {
        Inode inode = behind.inode;
        boolean meanwhile = inode.end(behind);
        boolean known = !behind.overlaps && !inode.isRunning();
        boolean differs = known && inode.known != null && behind.before() != null
                && !behind.before().equals(inode.known);
        inode.known = known ? behind.after() : null;
        if (meanwhile || (differs && rules.contains(Rule.SEEN_MEANS_NOTICED))) {
            notice(inode);
        }
    }

    /** All leased files. To be looked at on any thread that may wait for their disks. */
    Watched watched() {
        List<Sight> all = table.all().stream().map(lease -> lease.inode).distinct().map(Sight::new).toList();
        return () -> look(all);
    }

    /** What has changed is told at once, for the next file's disk may not answer; what was removed is given up together. */
    private void look(List<Sight> all) {
        List<Inode> removed = new ArrayList<>();
        for (Sight sight : all) {
            Look now = sight.now();
            if (now != null && now.links() == 0) {
                removed.add(sight.inode);
            } else if (sight.before != null && !sight.before.equals(now)) {
                owner.execute(() -> differs(sight));
            }
        }
        if (!removed.isEmpty()) {
            owner.execute(() -> giveUp(removed));
        }
    }

    private void differs(Sight sight) {
        Inode inode = sight.inode;
        if (!inode.isRunning() && inode.behinds.isEmpty() && sight.before.equals(inode.known)) {
            notice(inode);
        }
    }

    /** A disk has room again for what has no name any more only when it is not kept either. */
    private void giveUp(List<Inode> removed) {
        table.recallAll(removed.stream().filter(inode -> !inode.isRunning() && inode.behinds.isEmpty())
                .flatMap(inode -> inode.leases.stream()).filter(lease -> !lease.recalled).toList());
    }

    /** A file, and what it looked like. */
    private record Sight(Inode inode, Look before) {
        Sight(Inode inode) {
            this(inode, inode.known);
        }

        /** Null if that cannot be told. */
        Look now() {
            try {
                return inode.hold.look();
            } catch (FsException _) {
                return null;
            }
        }
    }
}
