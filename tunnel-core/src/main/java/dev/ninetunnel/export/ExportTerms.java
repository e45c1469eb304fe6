package dev.ninetunnel.export;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;

/**
 * How it stands with something that is exported to a far side: what holds there, and whether it is exported at all (any
 * more). It may change while fids are in use; each request looks. Any thread.
 */
public final class ExportTerms {
    private volatile Terms terms;

    /** What holds at one time. */
    public record Terms(ExportOptions options, UserMapping admission, boolean withdrawn) {}

    ExportTerms(ExportOptions options, UserMapping userMapping) {
        this.terms = new Terms(options, userMapping, false);
    }

    /** What holds now. */
    public Terms terms() {
        return terms;
    }

    public ExportOptions options() {
        return terms.options;
    }

    public UserMapping admission() {
        return terms.admission;
    }

    /** From now on, other options hold, for the fids that there are, too. */
    void change(ExportOptions options, UserMapping userMapping) {
        terms = new Terms(options, userMapping, terms.withdrawn);
    }

    /** From now on, it is exported no more. */
    void withdraw() {
        terms = new Terms(terms.options, terms.admission, true);
    }

    /**
     * Refuses a fid whose attach was admitted under earlier terms, if it would not be, or not as the same user, under those
     * that hold now; ESTALE, as NFS says it, if the export is withdrawn.
     */
    public void requireInForce(UserMapping then, ClaimedUser claimedUser) throws FsException {
        Terms now = terms;
        if (now.withdrawn) {
            throw new FsException(Errno.ESTALE);
        }
        if (now.admission != then) {
            now.admission.requireStill(then, claimedUser);
        }
    }

    /** Whether it is exported on the very terms that a fid was admitted under. */
    boolean isInForce(UserMapping then) {
        Terms now = terms;
        return !now.withdrawn && now.admission == then;
    }

    /** Whether what is left to be done when a fid ends may still be done: to remove a file, to set an attribute. */
    void requireWritable(UserMapping then, ClaimedUser claimedUser) throws FsException {
        requireInForce(then, claimedUser);
        if (options().readOnly()) {
            throw new FsException(Errno.EROFS);
        }
    }
}
