package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FsException;

/**
 * A write under an exclusive lease, from its arrival until it has been carried out. Others wait for it even when the term of the
 * lease is over. Its worker tells which changes of the file are its own, so that those by programs of the host are seen beside them.
 */
public final class Behind {
    final Holder holder;
    final Inode inode;
    private final ChangeWatch watch;
    private final Runnable hear;
    /** Whether others of the file have been under way at the same time, so that it is not known who has made it look as it does. */
    boolean overlaps;
    boolean over;
    private volatile long from = Long.MAX_VALUE;
    private volatile long to = Long.MAX_VALUE;
    private volatile Look before;
    private volatile Look after;

    /** With what has the granter hear of changes that have been taken in. */
    Behind(Holder holder, Inode inode, ChangeWatch watch, Runnable hear) {
        this.hear = hear;
        this.holder = holder;
        this.inode = inode;
        this.watch = watch;
    }

    /** The file is about to be written, on this worker. */
    public void begins() {
        before = look();
        from = watch.mark();
        if (watch.hasUntold()) {
            hear.run(); // the write may take as long as its disk likes
        }
    }

    /** It has been, or could not. */
    public void ends() {
        to = watch.mark();
        after = look();
    }

    private Look look() {
        try {
            return inode.hold.look();
        } catch (FsException e) {
            return null; // a disk that cannot tell has nothing to compare
        }
    }

    /** Whether a change with this number is its own; until it has been carried out, those that may be. */
    boolean owns(long number) {
        return number > from && number <= to;
    }

    Look before() {
        return before;
    }

    Look after() {
        return after;
    }
}
