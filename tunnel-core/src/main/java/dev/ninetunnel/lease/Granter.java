package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.wire.LeaseKinds;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Decides who may know what of which file, for all sessions of the endpoint, in one order (docs/coherence.md). Who reads says so
 * before it does, and hears with the answer what it may keep; who changes waits until all others have given up what they know,
 * for a term at most. So does who reads of a file that another has for itself alone. Files are named by what they are, never by path.
 *
 * <p>Everything here is called on the owner, which is the loop of the sessions.
 */
public final class Granter {
    private final Set<Rule> rules;
    private final Files files;
    private final FormerHolders former;
    private final LeaseTable table;
    private final Outsiders outsiders;
    private final Waits waits;
    private final Changes changes;
    private final Asks asks;
    private final Behinds behinds;

    /**
     * Nothing is granted yet.
     *
     * @param watch tells of changes by programs of this host
     * @param background closes files, which may wait for their disk
     * @param most how many leases may be out in all
     * @param mostOfHolder how many one holder may have
     */
    public Granter(EventExecutor owner, ChangeWatch watch, Executor background, int most, int mostOfHolder) {
        this(owner, watch, background, most, mostOfHolder, EnumSet.allOf(Rule.class));
    }

    /** One that keeps to these rules only. */
    Granter(EventExecutor owner, ChangeWatch watch, Executor background, int most, int mostOfHolder,
            Set<Rule> rules) {
        this.rules = rules;
        this.files = new Files(background);
        this.former = new FormerHolders(owner, background, rules);
        this.table = new LeaseTable(owner, former, most, mostOfHolder, rules);
        this.outsiders = new Outsiders(owner, watch, files, table, rules);
        TakenInTurn inTurn = new TakenInTurn(owner.ticker()::nanoTime);
        this.waits = new Waits(files, table, former, inTurn, rules);
        this.changes = new Changes(files, waits, rules);
        this.asks = new Asks(files, table, outsiders, watch, changes::areUnseen, inTurn, rules);
        this.behinds = new Behinds(owner, files, waits, outsiders, watch, rules);
        table.whenFreed(waits::settle);
        former.whenOver(() -> waits.settle(files.all()));
    }

    // ---- before and after this endpoint

    /** See {@link FormerHolders}. To be called before anything else. */
    void keepRecord(GrantRecord kept) {
        former.keepRecord(kept);
    }

    /**
     * Asks all leases back and grants no more; completes when none can come back any more. One of a session that has ended may be
     * used still ({@link #holding}), but nobody is there to give it up.
     */
    public CompletableFuture<Void> takeAllBack() {
        return table.takeAllBack();
    }

    /** Peers that may use leases of this endpoint still. */
    Set<String> holding() {
        return table.holding();
    }

    // ---- holders

    /**
     * A session may hold leases from now on. What the same peer held by sessions before is given up: it has forgotten that before
     * it began this one.
     *
     * @param peer its id
     * @param term for how long a lease is good at the holder
     */
    public Holder join(String peer, Duration term, Recalls recalls) {
        return table.join(peer, term, recalls);
    }

    /** A request of the holder has come: it may take the answer as a sign that its leases are good. */
    public void heard(Holder holder) {
        table.heard(holder);
    }

    /** The session has ended, of which the holder may not have heard. */
    public void leave(Holder holder) {
        table.leave(holder);
    }

    /** The holder may not have any more what it has: a right has ended. */
    public void withdraw(Holder holder) {
        List.copyOf(holder.leases).forEach(table::recall);
    }

    // ---- reads

    /** Somebody is about to read of a file, and wants these kinds of leases with what it reads. */
    public Ask ask(Holder holder, Object attach, FileId id, int want) {
        return ask(holder, attach, id, want & ~LeaseKinds.EXCLUSIVE, null);
    }

    /** The same, as a part of a change that has begun, and maybe to have the file for itself alone. */
    public Ask ask(Holder holder, Object attach, FileId id, int want, Change within) {
        return asks.beginAll(holder, attach, Collections.singletonList(id), want, within).getFirst();
    }

    /**
     * The same for several files that are read at once.
     *
     * @param ids with nulls for those that are not read
     * @return with nulls for these
     */
    public List<Ask> askAll(Holder holder, Object attach, List<FileId> ids, int want) {
        return asks.beginAll(holder, attach, ids, want & ~LeaseKinds.EXCLUSIVE, null);
    }

    /**
     * Runs it when all these files may be leased at once, as far as room goes: within this call, or when the holder has given up
     * older leases, or has not within its term.
     *
     * @param ids with nulls for those that are not read
     * @return calls that off
     */
    public Runnable awaitRoom(Holder holder, Object attach, List<FileId> ids, Runnable go) {
        return asks.awaitRoom(holder, attach, ids, go);
    }

    /** What may be kept of what was read, now that the reply leaves: leases of these kinds, of those that were wanted. */
    public Grant answer(Ask ask, int kinds) {
        return asks.answer(ask, kinds);
    }

    /** The read was not carried out, or its reply is not wanted any more. */
    public void cancel(Ask ask) {
        asks.cancel(ask);
    }

    /** Whether any file may be another's alone, so that who reads has to ask whether it may. */
    public boolean hasExclusive() {
        return (table.exclusive() > 0 || behinds.areUnderWay()) && rules.contains(Rule.READ_RECALLS_W);
    }

    /** Whether this file is another's alone: it has to be waited for before it is read. */
    public boolean isExclusiveToAnother(Holder holder, FileId id) {
        return hasExclusive() && files.isExclusiveToAnother(holder, id);
    }

    /** All files that are another's alone. */
    public List<FileId> exclusiveToOthers(Holder holder) {
        return hasExclusive() ? files.exclusiveToOthers(holder) : List.of();
    }

    /**
     * Files are to be read that are another's alone: it is asked to give them up. {@link #start} is to follow.
     *
     * @param go runs when they have been given up or the term is over: within {@link #start}, or later
     */
    public Waiter wait(Holder holder, Collection<FileId> ids, Runnable go) {
        return waits.enter(holder, ids, go);
    }

    /** Begins what was to wait, or has it begin when it may. */
    public void start(Waiter waiter) {
        waits.start(waiter);
    }

    /** It is not to begin any more, if it has not. */
    public void cancel(Waiter waiter) {
        waits.cancel(waiter);
    }

    // ---- changes

    /** Whether no lease is out and none is about to be, so that a change has no holder to tell. */
    public boolean isIdle() {
        return files.isEmpty() && former.isEmpty();
    }

    /** A change begins while {@link #isIdle}; its end is to be told to {@link #endUnseen}. */
    public void beginUnseen() {
        changes.beginUnseen();
    }

    /** See {@link #beginUnseen}. */
    public void endUnseen() {
        changes.endUnseen();
    }

    /**
     * A change of files is wanted. All others are asked to give up what they know of them; {@link #start(Change)} is to follow.
     *
     * @param holder who changes, and knows that itself; null for one that holds no leases
     * @param rights whether it changes who may do what, which other attaches of the holder have to hear, too
     * @param names what it does to names in directories, if it is carried out and nobody else is at them
     * @param go runs when it may begin, which is when all have given up or their term is over: within {@link #start(Change)}, or
     *     later. It is to call {@link #run} unless it is carried out under an exclusive lease
     */
    public Change propose(Holder holder, Object attach, Collection<FileId> ids, boolean rights,
            Set<ChangeWatch.Changed> names, Runnable go) {
        return changes.propose(holder, attach, ids, rights, names, go);
    }

    /** Begins a change that was proposed, or has it begin when it may. */
    public void start(Change change) {
        changes.start(change);
    }

    /** A change is about to be carried out. What is heard of its files is taken to be its own, until it is over. */
    public void run(Change change) {
        changes.run(change);
    }

    /**
     * A change has been carried out. Its own events have been heard of by {@link #hear}.
     *
     * @return names, if they are wanted, if the changer has them leased still and nothing else has happened to them since the change began
     */
    public Grant carriedOut(Change change, int want) {
        return changes.carriedOut(change, want);
    }

    /** A change has been carried out, or will not be; its own events have been heard of by {@link #hear}. */
    public void end(Change change) {
        changes.end(change);
    }

    // ---- writes under an exclusive lease

    /**
     * A write has come of which its program has been told that it is done, under the lease of this number. Null if it is to be refused:
     * the lease is none on this file and attach, or not exclusive, or its term is over.
     */
    public Behind behind(Holder holder, Object attach, FileId id, long number) {
        return behinds.begin(holder, attach, id, number);
    }

    /** A write is about to be carried out whose reply may bring an exclusive lease, which is registered. */
    public Behind behind(Ask ask) {
        return behinds.begin(ask.holder, ask.inode);
    }

    /** Such a write has been carried out, or will not be; its own events have been heard of by {@link #hear}. */
    public void end(Behind behind) {
        behinds.end(behind);
    }

    // ---- programs of this host

    /** Hears of what has been changed by now, and recalls what that makes wrong. To be called before anything is answered. */
    public void hear() {
        if (!files.isEmpty() && rules.contains(Rule.EVENTS_BEFORE_REPLY)) {
            hearNow();
        }
    }

    /** The same, whenever there is something to be heard. */
    public void hearNow() {
        outsiders.hear();
    }

    /** Files to be looked at now and then, for what is not heard of. */
    public Watched watched() {
        return outsiders.watched();
    }

    /** The owner has ended: files are kept no longer. */
    void close() {
        files.close();
    }

    // ---- status

    /** The leases that are out. */
    public int leases() {
        return table.all().size();
    }

    /** How many leases replies have brought, since the start. */
    public long granted() {
        return asks.granted();
    }

    /** How many leases were not given up within their term, since the start; those of sessions that had ended among them. */
    public long overdue() {
        return table.overdue();
    }

    /** How many leases were asked back, since the start. */
    public long recalls() {
        return table.recalls();
    }
}
