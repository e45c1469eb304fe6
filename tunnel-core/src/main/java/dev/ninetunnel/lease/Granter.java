package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.LeaseKinds;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may know what of which file, for all sessions of the endpoint, in one order (docs/coherence.md). Who reads says so
 * before it does, and hears with the answer what it may keep; who changes waits until all others have given up what they know,
 * for a term at most. Files are named by what they are, never by path.
 *
 * <p>Everything here is called on the owner, which is the loop of the sessions.
 */
public final class Granter {
    private static final Logger LOG = LoggerFactory.getLogger(Granter.class);
    /** Of two clocks, how far they part, each way, in millionths. */
    private static final long DRIFT_PER_MILLION = 1000;
    /** By how much a timer may be late, on either side. */
    private static final Duration GRAIN = Duration.ofMillis(40);

    private final EventExecutor owner;
    private final ChangeWatch watch;
    private final Executor background;
    private final Set<Rule> rules;
    private final Map<FileId, Inode> inodes = new HashMap<>();
    private final Set<Lease> leases = new LinkedHashSet<>();
    private final Set<Lease> recalled = new LinkedHashSet<>();
    private final Set<Holder> ended = new LinkedHashSet<>();
    private final Room room;
    /** Peers that may hold leases of an endpoint that runs no more, and have not begun a session since. */
    private final Set<String> former = new HashSet<>();
    private Optional<GrantRecord> record = Optional.empty();
    private CompletableFuture<Void> finished;
    /** Changes under way that began when there was nothing to be told. */
    private int unseen;
    private long granted;
    private long recalls;
    private long overdue;
    private Future<?> timer;
    private long timerAt;

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
        this.owner = owner;
        this.background = background;
        this.watch = watch;
        this.rules = rules;
        this.room = new Room(most, mostOfHolder, leases, recalled, this::recall);
    }

    private boolean on(Rule rule) {
        return rules.contains(rule);
    }

    // ---- before and after this endpoint

    /**
     * Writes down from now on who may hold leases, and waits with changes for those who may hold some of an endpoint that ran
     * before: until each has begun a session here, which it does not before it has forgotten them, or their term is over. To be
     * called before anything else.
     */
    void keepRecord(GrantRecord kept) {
        record = Optional.of(kept);
        Map<String, Duration> left = kept.left();
        if (!left.isEmpty() && on(Rule.RESTART_WAITS)) {
            former.addAll(left.keySet());
            Duration longest = Collections.max(left.values());
            owner.schedule(this::formerIsOver, longest.toNanos(), TimeUnit.NANOSECONDS);
            LOG.info(
                    "leases may be out that were granted before this endpoint was started: changes wait until those who may have "
                            + "them are here again, for {} s at most",
                    longest.toSeconds() + 1);
        }
    }

    private void formerIsOver() {
        former.clear();
        record.ifPresent(kept -> background.execute(kept::forgetLeft));
        settle(List.copyOf(inodes.values()));
    }

    /** Asks all leases back and grants no more; completes when none is out. What is completed by others stays so. */
    public CompletableFuture<Void> takeAllBack() {
        if (finished == null) {
            finished = new CompletableFuture<>();
            List.copyOf(leases).forEach(this::recall);
            completeIfAllBack();
        }
        return finished;
    }

    private void completeIfAllBack() {
        if (finished != null && holding().isEmpty()) {
            finished.complete(null);
        }
    }

    /** Peers that may use leases of this endpoint still. */
    Set<String> holding() {
        long now = now();
        return leases.stream().filter(lease -> !lease.taken && lease.holder.heard + lease.holder.patience - now > 0)
                .map(lease -> lease.holder.peer).collect(Collectors.toSet());
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
        for (Holder before : List.copyOf(ended)) {
            if (before.peer.equals(peer)) {
                forget(before);
            }
        }
        if (former.remove(peer) && former.isEmpty()) {
            formerIsOver();
        }
        Duration patience = on(Rule.GRANTER_TERM_LONGER) ? patience(term) : term;
        Holder holder = new Holder(peer, recalls, patience.toNanos(), now());
        record.ifPresent(kept -> kept.add(peer, patience));
        return holder;
    }

    /** For how long to wait for a holder whose leases are good for a term: longer, by what two clocks and timers may differ. */
    static Duration patience(Duration term) {
        return term.plusNanos(term.toNanos() / 1_000_000 * 2 * DRIFT_PER_MILLION).plus(GRAIN.multipliedBy(2));
    }

    /** A request of the holder has come: it may take the answer as a sign that its leases are good. */
    public void heard(Holder holder) {
        holder.heard = now();
    }

    /** The session has ended, of which the holder may not have heard. */
    public void leave(Holder holder) {
        holder.ended = true;
        if (!on(Rule.ENDED_SESSION_WAITS) || holder.leases.isEmpty()) {
            forget(holder);
            return;
        }
        ended.add(holder);
        holder.leases.stream().filter(lease -> !lease.recalled).forEach(this::markRecalled);
        arm();
    }

    private void forget(Holder holder) {
        ended.remove(holder);
        List<Inode> freed = new ArrayList<>();
        for (Lease lease : List.copyOf(holder.leases)) {
            drop(lease);
            freed.add(lease.inode);
        }
        settle(freed);
        room.settle();
    }

    /** The holder may not have any more what it has: a right has ended. */
    public void withdraw(Holder holder) {
        List.copyOf(holder.leases).forEach(this::recall);
    }

    // ---- reads

    /** Somebody is about to read of a file, and wants these kinds of leases with what it reads. */
    public Ask ask(Holder holder, Object attach, FileId id, int want) {
        Ask ask = begin(holder, attach, id, want);
        room.keepFree(holder);
        return ask;
    }

    /**
     * The same for several files that are read at once.
     *
     * @param files with nulls for those that are not read
     * @return with nulls for these
     */
    public List<Ask> askAll(Holder holder, Object attach, List<FileId> files, int want) {
        List<Ask> asks = new ArrayList<>(files.size());
        for (FileId id : files) {
            asks.add(id == null ? null : begin(holder, attach, id, want));
        }
        room.keepFree(holder);
        return asks;
    }

    private Ask begin(Holder holder, Object attach, FileId id, int want) {
        Inode inode = inode(id);
        inode.asks++;
        Ask ask = new Ask(holder, attach, inode, want & kindsOf(id), watch);
        if (on(Rule.REGISTER_BEFORE_READ)) {
            register(ask);
        }
        return ask;
    }

    private static int kindsOf(FileId id) {
        return switch (id.kind()) {
            case DIRECTORY -> LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES;
            case FILE -> LeaseKinds.ATTRIBUTES | LeaseKinds.DATA;
            case SYMLINK -> LeaseKinds.ATTRIBUTES;
            default -> 0;
        };
    }

    private void register(Ask ask) {
        if (ask.want == 0 || !mayGrant(ask.holder, ask.inode)) {
            return;
        }
        Lease lease = ask.inode.of(ask.holder, ask.attach);
        if (lease == null) {
            if (!room.holds(ask.holder, 1)) {
                return;
            }
            lease = new Lease(ask.holder, ask.attach, ask.inode, ask.holder.nextNumber());
            ask.inode.leases.add(lease);
        }
        isNewest(lease.holder.leases, lease);
        isNewest(leases, lease);
        lease.kinds |= ask.want;
        ask.lease = lease;
    }

    private static void isNewest(Set<Lease> of, Lease lease) {
        of.remove(lease);
        of.add(lease);
    }

    private boolean mayGrant(Holder holder, Inode inode) {
        boolean changing = on(Rule.NO_GRANT_DURING_CHANGE) && (inode.changes > 0 || unseen > 0);
        return finished == null && !changing && !holder.ended && holder.silent == 0 && !inode.isRecalledFrom(holder);
    }

    /**
     * Runs it when all these files may be leased at once, as far as room goes: within this call, or when the holder has given up
     * older leases, or has not within its term.
     *
     * @param files with nulls for those that are not read
     * @return calls that off
     */
    public Runnable awaitRoom(Holder holder, Object attach, List<FileId> files, Runnable go) {
        int more = (int) files.stream().filter(id -> id != null && !isLeased(holder, attach, id)).count();
        Room.Wait wait = room.await(holder, more, go);
        return () -> room.cancel(wait);
    }

    private boolean isLeased(Holder holder, Object attach, FileId id) {
        Inode inode = inodes.get(id);
        return inode != null && inode.of(holder, attach) != null;
    }

    /** What may be kept of what was read, now that the reply leaves. */
    public Grant answer(Ask ask) {
        return answer(ask, ask.want);
    }

    /** The same for a reply that tells less than a lease was wanted for. */
    public Grant answer(Ask ask, int kinds) {
        Inode inode = ask.inode;
        if (!on(Rule.REGISTER_BEFORE_READ)) {
            register(ask);
        }
        Look seen = ask.seen();
        if (on(Rule.SEEN_MEANS_NOTICED) && seen != null && inode.known != null && !seen.equals(inode.known)) {
            notice(inode);
        }
        Lease lease = ask.lease;
        boolean good = seen != null && inode.leases.contains(lease)
                && !(lease.recalled && on(Rule.BREAK_WITHDRAWS_GRANT));
        if (good) {
            inode.known = seen;
            lease.told = true;
            granted++;
        } else if (lease != null && !lease.told && !lease.recalled) {
            drop(lease);
        }
        over(ask);
        return good ? new Grant(ask.want & kinds, lease.number) : Grant.NONE;
    }

    /** The read was not carried out, or its reply is not wanted any more. */
    public void cancel(Ask ask) {
        if (ask.lease != null && !ask.lease.told && !ask.lease.recalled) {
            drop(ask.lease);
        }
        over(ask);
    }

    private void over(Ask ask) {
        ask.inode.asks--;
        tidy(ask.inode);
    }

    // ---- changes

    /** Whether no lease is out and none is about to be, so that a change has no holder to tell. */
    public boolean isIdle() {
        return inodes.isEmpty() && former.isEmpty();
    }

    /** A change begins while {@link #isIdle}; its end is to be told to {@link #endUnseen}. */
    public void beginUnseen() {
        unseen++;
    }

    /** See {@link #beginUnseen}. */
    public void endUnseen() {
        unseen--;
    }

    /**
     * A change of files is wanted. All others are asked to give up what they know of them; {@link #start} is to follow.
     *
     * @param holder who changes, and knows that itself; null for one that holds no leases
     * @param rights whether it changes who may do what, which other attaches of the holder have to hear, too
     * @param names what it does to names in directories, if it is carried out and nobody else is at them
     * @param go runs when it may begin, which is when all have given up or their term is over: within {@link #start}, or later
     */
    public Change propose(Holder holder, Object attach, Collection<FileId> files, boolean rights,
            Set<ChangeWatch.Changed> names, Runnable go) {
        Change change = new Change(holder, attach, rights, names, go);
        for (FileId id : new LinkedHashSet<>(files)) {
            Inode inode = inode(id);
            inode.changes++;
            change.inodes.add(inode);
        }
        if (on(Rule.BREAK_BEFORE_CHANGE)) {
            recallFor(change);
        }
        change.waits = true;
        change.inodes.forEach(inode -> inode.waiting.add(change));
        return change;
    }

    /** Begins a change that was proposed, or has it begin when it may. */
    public void start(Change change) {
        settle(change.inodes);
    }

    private void recallFor(Change change) {
        for (Inode inode : change.inodes) {
            for (Lease lease : List.copyOf(inode.leases)) {
                if (change.touches(lease)) {
                    recall(lease);
                }
            }
        }
    }

    private boolean isHeldUp(Change change) {
        if (!on(Rule.WAIT_FOR_ACKS) || !on(Rule.BREAK_BEFORE_CHANGE)) {
            return false;
        }
        if (!former.isEmpty()) {
            return true;
        }
        for (Inode inode : change.inodes) {
            for (Lease lease : inode.leases) {
                if (!lease.taken && change.touches(lease)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void begin(Change change) {
        change.inodes.forEach(inode -> inode.begin(change));
        change.go.run();
    }

    /**
     * A change has been carried out. Its own events have been heard of by {@link #hear}.
     *
     * @param want what of the directory whose names it has changed is to stay known
     * @return names, if the changer has them leased still and nothing else has happened to them since the change began
     */
    public Grant carriedOut(Change change, int want) {
        Grant kept = kept(change, want);
        end(change);
        return kept;
    }

    @SuppressWarnings("ReferenceEquality")
    private Grant kept(Change change, int want) {
        Inode directory = change.directory == null ? null : inodes.get(change.directory);
        if (directory == null || directory.alone != change || (want & LeaseKinds.NAMES) == 0) {
            return Grant.NONE;
        }
        Lease lease = directory.of(change.holder, change.attach);
        boolean held = lease != null && lease.told && !lease.recalled && (lease.kinds & LeaseKinds.NAMES) != 0;
        return held ? new Grant(LeaseKinds.NAMES, lease.number) : Grant.NONE;
    }

    /** A change has been carried out, or will not be; its own events have been heard of by {@link #hear}. */
    public void end(Change change) {
        if (change.over) {
            return;
        }
        change.over = true;
        if (!on(Rule.BREAK_BEFORE_CHANGE)) {
            recallFor(change);
        }
        for (Inode inode : change.inodes) {
            inode.changes--;
            if (change.waits) {
                inode.waiting.remove(change);
            } else {
                inode.end();
            }
        }
        settle(change.inodes);
    }

    /** Begins what waits no more. */
    private void settle(Collection<Inode> at) {
        Queue<Change> ready = new ArrayDeque<>();
        for (Inode inode : at) {
            for (Change change : List.copyOf(inode.waiting)) {
                if (change.waits && !change.over && !isHeldUp(change)) {
                    change.waits = false;
                    change.inodes.forEach(of -> of.waiting.remove(change));
                    ready.add(change);
                }
            }
            tidy(inode);
        }
        ready.forEach(Granter::begin);
    }

    // ---- programs of this host

    /** Hears of what has been changed by now, and recalls what that makes wrong. To be called before anything is answered. */
    public void hear() {
        if (!inodes.isEmpty() && on(Rule.EVENTS_BEFORE_REPLY)) {
            hearNow();
        }
    }

    /** The same, whenever there is something to be heard. */
    public void hearNow() {
        watch.drain(this::changed, this::lostTrack);
    }

    private void changed(ChangeWatch.Changed what) {
        Inode inode = inodes.get(what.file());
        if (inode != null && inode.running == 0) {
            notice(inode);
        } else if (inode != null) {
            inode.heard(what);
        }
    }

    private void lostTrack() {
        inodes.values().forEach(inode -> inode.alone = null);
        List.copyOf(inodes.values()).forEach(this::notice);
    }

    private void notice(Inode inode) {
        inode.known = null;
        List.copyOf(inode.leases).forEach(this::recall);
    }

    /** Files to be looked at now and then, for what is not heard of; each belongs to any thread. */
    public List<Watched> watched() {
        return leases.stream().map(lease -> lease.inode).distinct().map(Watched::new).toList();
    }

    /** A file that is to be looked at. */
    public final class Watched {
        private final Inode inode;
        private final Look before;

        private Watched(Inode inode) {
            this.inode = inode;
            this.before = inode.known;
        }

        /** Looks at it, on any thread that may wait for its disk, and tells the owner if it has changed. */
        public void look() {
            Look now;
            try {
                now = inode.hold.look();
            } catch (FsException e) {
                now = null;
            }
            if (before != null && !before.equals(now)) {
                owner.execute(this::differs);
            }
        }

        private void differs() {
            if (inode.running == 0 && before.equals(inode.known)) {
                notice(inode);
            }
        }
    }

    // ---- recalling

    private void recall(Lease lease) {
        if (lease.recalled) {
            return;
        }
        markRecalled(lease);
        recalls++;
        lease.holder.recalls.take(lease.number, lease.kinds, () -> given(lease));
        arm();
    }

    private void markRecalled(Lease lease) {
        lease.recalled = true;
        lease.recalledAt = now();
        lease.holder.recalled++;
        recalled.add(lease);
    }

    private void given(Lease lease) {
        drop(lease);
        settle(List.of(lease.inode));
        room.settle();
    }

    private void drop(Lease lease) {
        if (leases.remove(lease)) {
            lease.inode.leases.remove(lease);
            lease.holder.leases.remove(lease);
            lease.holder.recalled -= recalled.remove(lease) ? 1 : 0;
            if (lease.taken) {
                lease.holder.silent--;
            }
        }
        if (lease.holder.ended && lease.holder.leases.isEmpty()) {
            ended.remove(lease.holder);
        }
        completeIfAllBack();
    }

    /** Sees to it that what is not given up is taken when its time has come. */
    private void arm() {
        long next = Long.MAX_VALUE;
        for (Lease lease : recalled) {
            if (!lease.taken) {
                next = Math.min(next, lease.holder.due(lease) - now());
            }
        }
        if (next == Long.MAX_VALUE) {
            return;
        }
        long at = now() + Math.max(next, 0);
        if (timer == null || at - timerAt < 0) {
            if (timer != null) {
                timer.cancel(false);
            }
            timerAt = at;
            timer = owner.schedule(this::expire, Math.max(next, 0), TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        timer = null;
        List<Inode> freed = new ArrayList<>();
        for (Lease lease : List.copyOf(recalled)) {
            if (!lease.taken && lease.holder.due(lease) - now() <= 0) {
                overdue++;
                if (lease.holder.ended || !on(Rule.BREAK_NEVER_WITHDRAWN)) {
                    drop(lease);
                } else {
                    lease.taken = true;
                    lease.holder.silent++;
                }
                freed.add(lease.inode);
            }
        }
        arm();
        settle(freed);
        room.settle();
    }

    private long now() {
        return owner.ticker().nanoTime();
    }

    // ---- files

    private Inode inode(FileId id) {
        return inodes.computeIfAbsent(id, Inode::new);
    }

    private void tidy(Inode inode) {
        if (inode.isUnused() && inodes.remove(inode.id, inode)) {
            inode.hold.close(background);
        }
    }

    // ---- status

    /** The leases that are out. */
    public int leases() {
        return leases.size();
    }

    /** How many leases replies have brought, since the start. */
    public long granted() {
        return granted;
    }

    /** How many leases were not given up within their term, since the start; those of sessions that had ended among them. */
    public long overdue() {
        return overdue;
    }

    /** How many leases were asked back, since the start. */
    public long recalls() {
        return recalls;
    }
}
