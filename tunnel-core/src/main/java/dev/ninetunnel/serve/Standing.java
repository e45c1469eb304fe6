package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;

/**
 * How it stands with something that is exported to a far side: what holds there, and whether it is exported at all (any
 * more). It may change while fids are in use; each request looks. Any thread.
 */
final class Standing {
    private volatile Terms terms;
    private volatile boolean withdrawn;

    private record Terms(ExportOptions options, Admission admission) {}

    Standing(ExportOptions options, Admission admission) {
        this.terms = new Terms(options, admission);
    }

    ExportOptions options() {
        return terms.options;
    }

    Admission admission() {
        return terms.admission;
    }

    /** From now on, other options hold, for the fids that there are, too. */
    void change(ExportOptions options, Admission admission) {
        terms = new Terms(options, admission);
    }

    /** From now on, it is exported no more. */
    void withdraw() {
        withdrawn = true;
    }

    /**
     * Refuses a fid whose attach was admitted under earlier terms, if it would not be, or not as the same user, under those
     * that hold now; ESTALE, as NFS says it, if the export is withdrawn.
     */
    void requireInForce(Admission then, Claim claim) throws FsException {
        if (withdrawn) {
            throw new FsException(Errno.ESTALE);
        }
        Admission now = admission();
        if (now != then) {
            now.requireStill(then, claim);
        }
    }

    /** Whether it is exported on the very terms that a fid was admitted under. */
    boolean isInForce(Admission then) {
        return !withdrawn && admission() == then;
    }

    /** Whether what is left to be done when a fid ends may still be done: to remove a file, to set an attribute. */
    void requireWritable(Admission then, Claim claim) throws FsException {
        requireInForce(then, claim);
        if (options().readOnly()) {
            throw new FsException(Errno.EROFS);
        }
    }
}
