package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the granter knows of one file: who may know of it, who reads and who changes it now. Belongs to the granter's owner. */
final class Inode {
    final FileId id;
    final FileHold hold = new FileHold();
    final List<Lease> leases = new ArrayList<>(1);
    /** In order of arrival. */
    final Deque<Change> waiting = new ArrayDeque<>(0);
    /** Reads for which a lease is wanted, and which have not been answered. */
    int asks;
    /** Changes that wait or run. */
    int changes;
    /** Those of them that run. */
    int running;
    /** The one that has run alone since it began, and nothing else has been heard of but what it does; else null. */
    Change alone;
    /** What it looked like when last seen; null when that is not known. */
    Look known;

    Inode(FileId id) {
        this.id = id;
    }

    boolean isUnused() {
        return leases.isEmpty() && asks == 0 && changes == 0;
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
}
