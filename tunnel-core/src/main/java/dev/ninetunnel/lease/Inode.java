package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the granter knows of one file: who may know of it, who reads and who changes it now. Belongs to the granter's owner. */
final class Inode {
    /** More are not those of the writes that one holder may have under way, each of which is told once or twice. */
    static final int MOST_DOUBTFUL = 8192;

    final FileId id;
    final FileHold hold = new FileHold();
    final List<Lease> leases = new ArrayList<>(1);
    /** In order of arrival. */
    final Deque<Waiter> waiting = new ArrayDeque<>(0);
    /** Reads for which a lease is wanted, and which have not been answered. */
    int asks;
    /** Changes that wait or run. */
    final List<Change> changes = new ArrayList<>(0);
    /** Those of them that run, and do not tell their own events. */
    private int running;
    /** Writes under an exclusive lease. */
    final List<Behind> behinds = new ArrayList<>(0);
    /** How many of them have begun and ended. */
    int writes;
    /** Numbers of events that may be those of such writes. */
    private final List<Long> doubtful = new ArrayList<>(0);
    /** The one that has run alone since it began, and nothing else has been heard of but what it does; else null. */
    Change alone;
    /** What it looked like when last seen; null when that is not known. */
    Look known;

    Inode(FileId id) {
        this.id = id;
    }

    boolean isUnused() {
        return leases.isEmpty() && asks == 0 && changes.isEmpty() && waiting.isEmpty() && behinds.isEmpty();
    }

    // ---- changes

    boolean isRunning() {
        return running > 0;
    }

    void begin(Change change) {
        alone = running == 0 ? change : null;
        running++;
    }

    void end() {
        running--;
        alone = null;
        known = null;
    }

    /** Something has happened to the file while a change runs. */
    void heard(ChangeWatch.Changed what) {
        if (alone != null && !alone.names.remove(what)) {
            alone = null;
        }
    }

    /** Whether any but this one waits or runs. */
    @SuppressWarnings("ReferenceEquality")
    boolean isChanging(Change but) {
        return changes.stream().anyMatch(change -> change != but);
    }

    // ---- writes under an exclusive lease

    void begin(Behind behind) {
        behinds.add(behind);
        writes++;
        if (behinds.size() > 1) {
            behinds.forEach(each -> each.overlaps = true);
        }
    }

    /** Whether a change with this number may be that of such a write, which will tell. */
    boolean isDoubtful(long number) {
        boolean may = doubtful.size() < MOST_DOUBTFUL && behinds.stream().anyMatch(behind -> behind.owns(number));
        if (may) {
            doubtful.add(number);
        }
        return may;
    }

    /** Ends such a write. Returns whether somebody else has changed the file meanwhile. */
    boolean end(Behind behind) {
        behinds.remove(behind);
        writes++;
        doubtful.removeIf(behind::owns);
        return doubtful.removeIf(number -> behinds.stream().noneMatch(left -> left.owns(number)));
    }

    // ---- leases

    Lease of(Holder holder, Object attach) {
        for (Lease lease : leases) {
            if (lease.isOf(holder, attach)) {
                return lease;
            }
        }
        return null;
    }

    boolean isRecalledFrom(Holder holder) {
        for (Lease lease : leases) {
            if (lease.holder == holder && lease.recalled) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody else than this holder may have changed it, and have told nobody. */
    boolean isExclusiveToAnother(Holder holder) {
        return leases.stream().anyMatch(lease -> lease.holder != holder && lease.isExclusive())
                || behinds.stream().anyMatch(behind -> behind.holder != holder);
    }

    /** Whether nobody else than this holder knows of it or changes it, or waits to. */
    boolean isLeftTo(Holder holder) {
        return leases.stream().allMatch(lease -> lease.holder == holder)
                && waiting.stream().allMatch(waiter -> waiter.holder == holder)
                && changes.stream().allMatch(change -> change.holder == holder)
                && behinds.stream().allMatch(behind -> behind.holder == holder);
    }
}
