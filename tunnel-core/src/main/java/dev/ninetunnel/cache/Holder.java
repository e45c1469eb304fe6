package dev.ninetunnel.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.cache.behind.WritesBehind;
import dev.ninetunnel.cache.known.QuickestAnswer;
import dev.ninetunnel.cache.port.FarSide;
import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.wire.LeaseKinds;
import io.netty.util.collection.LongObjectHashMap;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The leases that this endpoint holds in one conversation, and their term. A lease is good as long as the term has not passed
 * since the latest question was put whose answer has come; when it has, what is held stays, unused, until the next answer comes,
 * for every break that is due comes before that.
 *
 * <p>What is kept is bounded in bytes; what is looked at least goes first, without a word to the far side. Belongs to the loop of
 * the client role.
 */
public final class Holder {
    private final Set<Rule> rules;
    private final LongSupplier clock;
    private final long term;
    private final long limit;
    private long most;
    private final LongObjectHashMap<Lease> leases = new LongObjectHashMap<>();
    private final LongObjectHashMap<Inode> inodes = new LongObjectHashMap<>();
    private final Cache<Long, Lease> kept;
    /** All that is asked and not answered, whose answer may be kept. */
    private final Set<Ask> asks = new LinkedHashSet<>();
    private final Set<CachedClient> clients = new LinkedHashSet<>();
    final OwnChanges ownChanges = new OwnChanges(this);
    final WritesBehind writesBehind = new WritesBehind(this::mostOfFile);
    private WriteBehind writeBehind = WriteBehind.OFF;
    /** What is not to be done yet, such as changes that are not sent because fids are being made. */
    private final Set<Runnable> unsettled = new LinkedHashSet<>();
    private boolean heardAny;
    /** When the latest question was put whose answer has come. */
    private long heard;
    final QuickestAnswer quickestAnswer = new QuickestAnswer();
    private boolean probing;
    /** Whether local clients may have been granted what is held. */
    private boolean lending;
    private long ahead;
    private long hits;
    private long misses;
    private long breaks;

    /**
     * Holds nothing.
     *
     * @param bytes the most to keep
     * @param clock in nanoseconds, and going on while the host sleeps (CLOCK_BOOTTIME)
     */
    public Holder(long bytes, Duration term, LongSupplier clock) {
        this(bytes, term, clock, EnumSet.allOf(Rule.class));
    }

    Holder(long bytes, Duration term, LongSupplier clock, Set<Rule> rules) {
        this.rules = rules;
        this.clock = clock;
        this.term = term.toNanos();
        this.limit = bytes;
        this.most = bytes;
        this.kept = Caffeine.newBuilder().maximumWeight(bytes).weigher((Long number, Lease lease) -> lease.bytes())
                .executor(Runnable::run).removalListener(this::removed).build();
    }

    /** From now on those write behind, of the local clients that come; before, nobody does. */
    public void writeBehind(WriteBehind who) {
        writeBehind = who;
    }

    WriteBehind writeBehind() {
        return writeBehind;
    }

    boolean obeys(Rule rule) {
        return rules.contains(rule);
    }

    // ---- the term

    long now() {
        return clock.getAsLong();
    }

    /** An answer has come to a question that was put then. */
    void heard(long asked) {
        long now = now();
        quickestAnswer.took(now, now - asked);
        long since = obeys(Rule.TERM_FROM_ASKING) ? asked : now;
        if (!heardAny || since - heard > 0) {
            heard = since;
            heardAny = true;
        }
    }

    private boolean isInTerm() {
        return (heardAny && now() - heard < term) || !obeys(Rule.TERM_IS_OBEYED);
    }

    /** For how long a local client may use what it is granted here, from when it asked. */
    public Duration localTerm() {
        return Duration.ofNanos(term - term / 4);
    }

    /** Whether what is left of the term is as much as a local client may make of it. */
    boolean mayLend() {
        return heardAny && now() - heard <= term / 4;
    }

    /** Whether anything may be answered here. */
    boolean mayAnswer() {
        return (!ownChanges.areBlind() || !obeys(Rule.OWN_CHANGE_STOPS_CACHE)) && isInTerm();
    }

    /** Something was answered here, by this lease unless it is null: in time before it would lapse, the far side is asked for a sign of life. */
    void used(Lease lease, FarSide far) {
        hits++;
        if (lease != null) {
            var _ = kept.getIfPresent(lease.number);
        }
        long asked = now();
        if (!probing && asked - heard > (lending ? term / 8 : term / 2)) {
            probing = far.probe(() -> {
                probing = false;
                heard(asked);
            });
        }
    }

    void missed() {
        misses++;
    }

    // ---- leases

    Inode inode(long path) {
        Inode inode = inodes.get(path);
        if (inode == null) {
            inode = new Inode(path);
            inodes.put(path, inode);
        }
        return inode;
    }

    /** All of which anything is known or asked. */
    List<Inode> inodes() {
        return List.copyOf(inodes.values());
    }

    /** The inode may be forgotten, if nothing is known of it. */
    void release(Inode inode) {
        if (inode.isIdle()) {
            inodes.remove(inode.path);
        }
    }

    /** A reply has brought leases on a file, and is to be kept. */
    Lease granted(long number, Inode inode, int kinds) {
        Lease lease = leases.get(number);
        if (lease != null && lease.inode != inode) {
            forget(lease);
            lease = null;
        }
        if (lease == null) {
            lease = new Lease(this, number, inode);
            leases.put(number, lease);
            inode.leases.add(lease);
        }
        lease.grant(kinds);
        grown(lease);
        return lease;
    }

    /** More is known by a lease than before. */
    void grown(Lease lease) {
        if (lease.live) {
            kept.put(lease.number, lease);
        }
    }

    /** From now on no more is kept than this, if that is less than the limit that it was made with. */
    public void bound(long bytes) {
        long before = most;
        most = Math.min(limit, bytes);
        if (most != before) {
            kept.policy().eviction().ifPresent(eviction -> eviction.setMaximum(most));
        }
    }

    /** The most bytes of one file that are worth keeping. */
    long mostOfFile() {
        return most / 8;
    }

    /** Whether so many bytes may be asked for ahead, of a quarter of all; they are, then. */
    boolean mayReadAhead(int bytes) {
        if (ahead + bytes > most / 4) {
            return false;
        }
        ahead += bytes;
        return true;
    }

    /** So many bytes more, or fewer, are asked for ahead, or have come and are not read. */
    void readAhead(int bytes) {
        ahead += bytes;
    }

    private void removed(Long number, Lease lease, RemovalCause cause) {
        if (cause == RemovalCause.SIZE && lease != null) {
            forget(lease);
        }
    }

    /** It is given up without a word. Its number is kept while fids depend on it. */
    void forget(Lease lease) {
        lease.forget();
        kept.invalidate(lease.number);
        drop(lease);
    }

    /** A change of our own has come to its end, of which nothing was told that could be kept. */
    void changed(Lease lease, boolean isWrite) {
        if (lease.isExclusive()) {
            lease.changed(isWrite);
            grown(lease);
        } else {
            forget(lease);
        }
    }

    private void drop(Lease lease) {
        if (lease.live && !lease.inode.isBehind() && lease.isSettled() && lease.isLentToNobodyBut(null)
                && !lease.stopped) {
            lease.live = false;
            leases.remove(lease.number);
            lease.inode.leases.remove(lease);
            release(lease.inode);
        }
    }

    /** The far side wants a lease back; {@code answer} runs when it has been given up. */
    public void broken(long number, int lost, Runnable answer) {
        breaks++;
        Lease lease = leases.get(number);
        if (obeys(Rule.ASKED_BEFORE_BREAK_NOT_KEPT)) {
            asks.forEach(ask -> ask.breaks(number, lease));
        }
        ownChanges.broken(number, lease);
        if (lease == null) {
            answer.run();
            return;
        }
        lease.stopped = true;
        if (obeys(Rule.NAMES_BOUND_BEFORE_ACK)) {
            settle(lease);
        }
        lease.breaks.add(answer);
        lease.recallBut(null);
        answerBreaks(lease);
    }

    /** Answers the breaks of a lease if nothing depends on it any more. */
    private void answerBreaks(Lease lease) {
        if (lease.breaks.isEmpty() || !mayBeGivenUp(lease)) {
            return;
        }
        List<Runnable> answers = List.copyOf(lease.breaks);
        lease.breaks.clear();
        lease.stopped = false;
        if (obeys(Rule.DROP_BEFORE_ACK)) {
            forget(lease);
        }
        answers.forEach(Runnable::run);
    }

    private boolean mayBeGivenUp(Lease lease) {
        return (lease.isSettled() || !obeys(Rule.NAMES_BOUND_BEFORE_ACK))
                && (lease.isLentToNobodyBut(null) || !obeys(Rule.KERNEL_TOLD_BEFORE_ACK))
                && (!lease.inode.isBehind() || !obeys(Rule.ACK_AFTER_FLUSH));
    }

    /** From now on, what is held may be granted to local clients, whose use of it does not show here. */
    void lends() {
        lending = true;
    }

    // ---- fids that exist here only

    /** Makes them at the far side, if they depend on a lease. */
    void settle(Lease lease) {
        if (!lease.isSettled()) {
            lease.dependents().forEach(LocalFid::makeFar);
        }
    }

    /** Does something as soon as a condition holds, which only an answer about a fid can bring about. */
    void await(BooleanSupplier condition, Runnable action) {
        if (condition.getAsBoolean()) {
            action.run();
            return;
        }
        unsettled.add(new Runnable() {
            @Override
            public void run() {
                // What one of them does may have run another, which is over then.
                if (condition.getAsBoolean() && unsettled.remove(this)) {
                    action.run();
                }
            }
        });
    }

    /** Something depends on a lease no more: a fid, a local client, or a write behind. */
    void settled(Lease lease) {
        if (!lease.holds(~0)) {
            drop(lease);
        }
        answerBreaks(lease);
        fidAnswered();
    }

    /** The far side has answered about a fid that is made or opened late: what waits for that may go on. */
    void fidAnswered() {
        if (!unsettled.isEmpty()) {
            List.copyOf(unsettled).forEach(Runnable::run);
        }
    }

    // ---- what is asked

    void add(Ask ask) {
        asks.add(ask);
    }

    void remove(Ask ask) {
        asks.remove(ask);
    }

    Set<Ask> asks() {
        return asks;
    }

    List<Lease> all() {
        return List.copyOf(leases.values());
    }

    // ---- status

    /** What it does, at one moment. */
    public HolderStatus status() {
        kept.cleanUp();
        long bytes = kept.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
        long held = leases.values().stream().filter(lease -> lease.holds(ALL_KINDS)).count();
        return new HolderStatus(hits, misses, held, bytes, most, breaks, writesBehind.written(), writesBehind.failed());
    }

    private static final int ALL_KINDS = LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES | LeaseKinds.DATA;

    /** The file of a fid, if something is written behind to it, or was since it was opened; or null. */
    Inode behind(LocalFid fid) {
        Inode inode = fid == null || fid.qid == null ? null : inodes.get(fid.qid.path());
        return inode == null || inode.writes == null ? null : inode;
    }

    void join(CachedClient client) {
        clients.add(client);
    }

    void leave(CachedClient client) {
        clients.remove(client);
    }

    /** A write behind to a file was not carried out: all who have it open are to hear of it. */
    void writeFailed(Inode inode, int errno) {
        clients.forEach(client -> client.openFids(inode.path).forEach(fid -> fid.othersFailed(errno)));
    }

    /** A fid of a local client has come to its end. */
    void closed(LocalFid fid) {
        Inode inode = behind(fid);
        if (inode != null) {
            inode.writes.closed(fid, fid.untoldWriteError());
            tidy(inode);
        }
    }

    /** Something that was written behind to a file has been answered, or who wrote has closed it. */
    void tidy(Inode inode) {
        if (inode.writes != null && inode.writes.areOver()) {
            inode.writes = null;
        }
        ownChanges.leave(inode);
    }

    /** Whether programs have been told of writes that the far side has not answered. */
    public boolean isBehind() {
        return writesBehind.areAny();
    }
}
