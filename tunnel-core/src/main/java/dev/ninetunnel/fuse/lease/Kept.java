package dev.ninetunnel.fuse.lease;

import dev.ninetunnel.wire.LeaseKinds;
import java.time.Duration;
import java.util.OptionalLong;

/** What the kernel may have kept of one file or directory, and by which lease. Any thread. */
public final class Kept {
    private static final long ASK_AGAIN = Duration.ofSeconds(1).toNanos();
    private static final long SHORTEST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final long node;
    private final int contents;
    private Grant grant;
    private int open;
    private int writers;
    /** Whether it may have something that it has read while no lease was held on it. */
    private boolean unsure = true;
    /** How often programs here have begun to change its contents, and how many of them change its length now. */
    private long changes;
    private int changing;
    private long namesAsked = Long.MIN_VALUE;
    /** Whether a lease is about to be asked for because of what was read without one, and after what pause the next time. */
    private boolean catchingUp;
    private long pause;

    /**
     * Of a file that the kernel has not heard of.
     *
     * @param node its number
     */
    public Kept(long node, boolean directory) {
        this.node = node;
        this.contents = directory ? LeaseKinds.NAMES : LeaseKinds.DATA;
    }

    long node() {
        return node;
    }

    /** It is covered by this from now on; nothing changes by null. */
    public synchronized void by(Grant granted) {
        if (granted != null && !granted.isBroken()) {
            granted.isOn(this);
            grant = granted;
            pause = 0;
        }
    }

    /** The lease on the names in this directory, if there is one; or null. */
    public synchronized Grant names() {
        return grant != null && grant.isGoodFor(LeaseKinds.NAMES) ? grant : null;
    }

    /** Whether a lease on names is worth asking for now: not just after it was. */
    public synchronized boolean mayAskForNames(long now) {
        boolean may = namesAsked == Long.MIN_VALUE || now - namesAsked > ASK_AGAIN;
        if (may) {
            namesAsked = now;
        }
        return may;
    }

    /** Whether a lease on data may be asked for: not while a program here writes, whose pages a notice would wait for (rule 34). */
    public synchronized boolean mayLeaseData() {
        return writers == 0;
    }

    /**
     * It is being opened. Returns whether the kernel may go on with what it has read of it before; if not, it is to drop that.
     */
    public synchronized boolean opened(boolean writes) {
        open++;
        writers += writes ? 1 : 0;
        changes += writes ? 1 : 0;
        boolean good = writers == 0 && !unsure && grant != null && grant.isGoodFor(contents);
        unsure = writers > 0;
        return good;
    }

    /** Whether the kernel could go on with what it has read of it before, if it were opened now. */
    public synchronized boolean isGood() {
        return writers == 0 && !unsure && isCovered();
    }

    /** A program here changes its length, without having it open perhaps. */
    public synchronized void resizes() {
        changes++;
        changing++;
    }

    /** It has, or could not. */
    public synchronized void resized() {
        changing--;
    }

    /** How often programs here have begun to change its contents. */
    public synchronized long changes() {
        return changes;
    }

    /**
     * Whether what was asked for ahead is what the file has still.
     *
     * @param by the lease by which it was read; null if there was none
     * @param before what {@link #changes} said when it was asked for
     */
    public synchronized boolean isStill(Grant by, long before) {
        return changes == before && changing == 0 && writers == 0 && by != null && by.isGoodFor(contents);
    }

    /** Whether any program here has it open. */
    public synchronized boolean isOpen() {
        return open > 0;
    }

    /** The kernel has been given all that is in it, as it was read by this lease. */
    public synchronized void given(Grant by) {
        by(by);
        unsure = false;
    }

    /** It is closed, as often as it was opened. */
    public synchronized void closed(boolean wrote) {
        open--;
        writers -= wrote ? 1 : 0;
    }

    /** Something of its contents is about to be taken up by the kernel, read by this lease, or by none if it is null. */
    public synchronized void read(Grant by) {
        by(by);
        unsure |= by == null || !by.isGoodFor(contents);
    }

    /**
     * Something was read while no lease at all was held, so that nobody tells of a change to a program that has it mapped. Returns in how
     * many milliseconds a lease is to be asked for, and what was read to be dropped; empty if that is on its way, or not needed.
     */
    public synchronized OptionalLong catchesUpIn() {
        if (catchingUp || open == 0 || writers > 0 || (grant != null && !grant.isBroken())) {
            return OptionalLong.empty();
        }
        catchingUp = true;
        long now = pause;
        pause = Math.clamp(2 * pause, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
        return OptionalLong.of(now);
    }

    /** The lease is being asked for: what is read from now on without one is for another time. */
    public synchronized void catchesUp() {
        catchingUp = false;
    }

    /** Whether the kernel may keep what it reads of it. */
    public synchronized boolean isCovered() {
        return grant != null && grant.isGoodFor(contents);
    }

    /** The lease is broken. Returns whether a notice may drop the contents, too; else they go when it is opened next. */
    synchronized boolean drop() {
        unsure = true;
        return writers == 0;
    }

    /** Whether programs may look at its contents without asking, by a mapping, so that they have to be dropped when they lapse. */
    synchronized boolean showsData() {
        return open > 0 && writers == 0 && grant != null && (grant.holds(LeaseKinds.DATA) || unsure);
    }
}
