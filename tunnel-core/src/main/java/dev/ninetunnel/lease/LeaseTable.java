package dev.ninetunnel.lease;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The leases that are out, and those that have been asked back: until they are given up, or the term of their holder is over.
 * Belongs to the owner of the granter.
 */
final class LeaseTable {
    /** Of two clocks, how far they part, each way, in millionths. */
    private static final long DRIFT_PER_MILLION = 1000;
    /** By how much a timer may be late, on either side. */
    private static final Duration GRAIN = Duration.ofMillis(40);

    private final EventExecutor owner;
    private final Set<Rule> rules;
    private final Set<Lease> leases = new LinkedHashSet<>();
    private final Set<Lease> recalled = new LinkedHashSet<>();
    private final Set<Holder> ended = new LinkedHashSet<>();
    private final Room room;
    private Consumer<Collection<Inode>> freed = inodes -> {};
    private final FormerHolders former;
    private CompletableFuture<Void> finished;
    private int exclusive;
    private long recalls;
    private long overdue;
    private Future<?> timer;
    private long timerAt;

    LeaseTable(EventExecutor owner, FormerHolders former, int most, int mostOfHolder, Set<Rule> rules) {
        this.former = former;
        this.owner = owner;
        this.rules = rules;
        this.room = new Room(most, mostOfHolder, leases, recalled, this::recallAll);
    }

    private boolean on(Rule rule) {
        return rules.contains(rule);
    }

    /** Has this told when leases on files are not in the way any more. */
    void whenFreed(Consumer<Collection<Inode>> taker) {
        freed = taker;
    }

    // ---- holders

    Holder join(String peer, Duration term, Recalls recallsOfIt) {
        for (Holder before : List.copyOf(ended)) {
            if (before.peer.equals(peer)) {
                forget(before);
            }
        }
        Duration patience = on(Rule.GRANTER_TERM_LONGER) ? patience(term) : term;
        Holder holder = new Holder(peer, recallsOfIt, patience.toNanos(), now());
        former.began(peer, patience);
        return holder;
    }

    /** For how long to wait for a holder whose leases are good for a term: longer, by what two clocks and timers may differ. */
    static Duration patience(Duration term) {
        return term.plusNanos(term.toNanos() / 1_000_000 * 2 * DRIFT_PER_MILLION).plus(GRAIN.multipliedBy(2));
    }

    void heard(Holder holder) {
        holder.heard = now();
    }

    void leave(Holder holder) {
        holder.ended = true;
        if (!on(Rule.ENDED_SESSION_WAITS) || holder.leases.isEmpty()) {
            forget(holder);
            return;
        }
        ended.add(holder);
        holder.leases.stream().filter(lease -> !lease.recalled).forEach(this::markRecalled);
        arm();
        completeIfAllBack();
    }

    private void forget(Holder holder) {
        ended.remove(holder);
        List<Inode> of = new ArrayList<>();
        for (Lease lease : List.copyOf(holder.leases)) {
            drop(lease);
            of.add(lease.inode);
        }
        free(of);
    }

    private void free(Collection<Inode> of) {
        freed.accept(of);
        room.settle();
    }

    // ---- the end

    CompletableFuture<Void> takeAllBack() {
        if (finished == null) {
            finished = new CompletableFuture<>();
            List.copyOf(leases).forEach(this::recall);
            completeIfAllBack();
        }
        return finished;
    }

    private void completeIfAllBack() {
        if (finished != null && leases.stream().noneMatch(lease -> !lease.holder.ended && isHeld(lease))) {
            finished.complete(null);
        }
    }

    private boolean isHeld(Lease lease) {
        return lease.holder.heard + lease.holder.patience - now() > 0;
    }

    Set<String> holding() {
        return leases.stream().filter(this::isHeld).map(lease -> lease.holder.peer).collect(Collectors.toSet());
    }

    // ---- granting

    /** Whether no more is granted, to whomever. */
    boolean isEnding() {
        return finished != null;
    }

    /** What the attach has of the file, with these kinds besides; null if there is no room for another. */
    Lease register(Holder holder, Object attach, Inode inode, int kinds) {
        Lease lease = inode.of(holder, attach);
        if (lease == null) {
            room.wants(holder, inode.id);
            if (!room.holds(holder, 1)) {
                return null;
            }
            lease = new Lease(holder, attach, inode, holder.nextNumber());
            inode.leases.add(lease);
        }
        isNewest(holder.leases, lease);
        isNewest(leases, lease);
        room.got(holder);
        boolean before = lease.isExclusive();
        lease.kinds |= kinds;
        exclusive += lease.isExclusive() && !before ? 1 : 0;
        return lease;
    }

    private static void isNewest(Set<Lease> of, Lease lease) {
        of.remove(lease);
        of.add(lease);
    }

    /** Who takes care that there is some for what is read next. */
    Room room() {
        return room;
    }

    // ---- recalling

    /** Asks a lease back, once. */
    void recall(Lease lease) {
        if (lease.recalled) {
            return;
        }
        markRecalled(lease);
        recalls++;
        lease.holder.recalls.take(lease.number, lease.kinds, () -> given(lease));
        arm(lease.holder.due(lease));
    }

    /** Asks several back together, none of which has been: when the last is given up, all are. */
    void recallAll(Collection<Lease> several) {
        Map<Holder, List<Lease>> together = new LinkedHashMap<>();
        for (Lease lease : several) {
            if (lease.isExclusive()) {
                recall(lease); // what is written behind may keep it, and is not to keep others
            } else {
                together.computeIfAbsent(lease.holder, _ -> new ArrayList<>()).add(lease);
            }
        }
        together.forEach((holder, of) -> {
            for (int from = 0; from < of.size(); from += Recalls.MOST_TOGETHER) {
                recallAll(holder, List.copyOf(of.subList(from, Math.min(from + Recalls.MOST_TOGETHER, of.size()))));
            }
        });
    }

    private void recallAll(Holder holder, List<Lease> of) {
        if (of.size() == 1) {
            recall(of.getFirst());
            return;
        }
        of.forEach(this::markRecalled);
        recalls += of.size();
        holder.recalls.takeAll(of.stream().mapToLong(lease -> lease.number).toArray(), () -> {
            of.forEach(this::returned);
            free(of.stream().map(lease -> lease.inode).distinct().toList());
        });
        arm(holder.due(of.getFirst()));
    }

    private void markRecalled(Lease lease) {
        lease.recalled = true;
        lease.recalledAt = now();
        lease.holder.recalled++;
        recalled.add(lease);
    }

    private void given(Lease lease) {
        returned(lease);
        free(List.of(lease.inode));
    }

    private void returned(Lease lease) {
        lease.holder.silent -= lease.taken ? 1 : 0;
        lease.taken = false;
        drop(lease);
    }

    /** It is out no more. */
    void drop(Lease lease) {
        if (leases.remove(lease)) {
            lease.inode.leases.remove(lease);
            lease.holder.leases.remove(lease);
            lease.holder.recalled -= recalled.remove(lease) ? 1 : 0;
            exclusive -= lease.isExclusive() ? 1 : 0;
            room.gone(lease.holder);
        }
        if (lease.holder.ended && lease.holder.leases.isEmpty()) {
            ended.remove(lease.holder);
        }
        completeIfAllBack();
    }

    /** Sees to it that what is not given up is taken when its time has come. */
    private void arm() {
        recalled.stream().mapToLong(lease -> lease.holder.due(lease))
                .reduce((one, other) -> one - other < 0 ? one : other).ifPresent(this::arm);
    }

    private void arm(long due) {
        long now = now();
        long left = Math.max(due - now, 0);
        if (timer == null || now + left - timerAt < 0) {
            if (timer != null) {
                timer.cancel(false);
            }
            timerAt = now + left;
            timer = owner.schedule(this::expire, left, TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        timer = null;
        List<Inode> of = new ArrayList<>();
        Set<Holder> silent = new HashSet<>();
        for (Lease lease : List.copyOf(recalled)) {
            if (lease.holder.due(lease) - now() <= 0) {
                overdue++;
                if (!lease.holder.ended && on(Rule.BREAK_NEVER_WITHDRAWN)) {
                    lease.taken = true;
                    lease.holder.silent++;
                    silent.add(lease.holder);
                }
                drop(lease);
                of.add(lease.inode);
            }
        }
        // It gets no more, and what it has is not to be waited for one after the other.
        silent.forEach(holder -> recallAll(holder.leases.stream().filter(lease -> !lease.recalled).toList()));
        arm();
        free(of);
    }

    private long now() {
        return owner.ticker().nanoTime();
    }

    // ---- what there is

    /** Those that are out, from the oldest. */
    Collection<Lease> all() {
        return leases;
    }

    /** How many of them are exclusive. */
    int exclusive() {
        return exclusive;
    }

    long overdue() {
        return overdue;
    }

    long recalls() {
        return recalls;
    }
}
