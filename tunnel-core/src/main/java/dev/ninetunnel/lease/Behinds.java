package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** Writes under exclusive leases, which wait for nobody. Belongs to the owner of the granter. */
final class Behinds {
    private final Executor owner;
    private final Files files;
    private final Waits waits;
    private final Outsiders outsiders;
    private final ChangeWatch watch;
    private final Set<Rule> rules;
    private int underWay;

    Behinds(Executor owner, Files files, Waits waits, Outsiders outsiders, ChangeWatch watch, Set<Rule> rules) {
        this.owner = owner;
        this.files = files;
        this.waits = waits;
        this.outsiders = outsiders;
        this.watch = watch;
        this.rules = rules;
    }

    boolean areUnderWay() {
        return underWay > 0;
    }

    /** Null if the lease does not allow it. */
    Behind begin(Holder holder, Object attach, FileId id, long number) {
        Inode inode = files.known(id);
        Lease lease = inode == null ? null : inode.of(holder, attach);
        boolean good = lease != null && lease.number == number && lease.isExclusive();
        return good || !rules.contains(Rule.LATE_WRITE_REFUSED) ? begin(holder, files.of(id)) : null;
    }

    Behind begin(Holder holder, Inode inode) {
        Behind behind = new Behind(holder, inode, watch, () -> owner.execute(outsiders::hear));
        underWay++;
        inode.begin(behind);
        return behind;
    }

    void end(Behind behind) {
        if (!behind.over) {
            behind.over = true;
            underWay--;
            outsiders.carriedOut(behind);
            waits.settle(List.of(behind.inode));
        }
    }
}
