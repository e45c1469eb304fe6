package dev.ninetunnel.lease;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The room for leases: so many in all, and so many for each holder. A part of it is kept free by asking the oldest back, so that
 * there is some for what is read next; who reads more files at once than that waits until it is there. Belongs to the owner of
 * the granter.
 */
final class Room {
    private static final int PART_KEPT_FREE = 8;

    private final int most;
    private final int mostOfHolder;
    private final Collection<Lease> leases;
    private final Collection<Lease> recalled;
    private final Consumer<Lease> recall;
    private final Queue<Wait> waits = new ArrayDeque<>();

    /** Somebody who is about to want so many leases. */
    static final class Wait {
        private final Holder holder;
        private final int count;
        private final Runnable go;
        private boolean over;

        private Wait(Holder holder, int count, Runnable go) {
            this.holder = holder;
            this.count = count;
            this.go = go;
        }
    }

    /**
     * None is taken yet.
     *
     * @param leases those that are out, the oldest first
     * @param recalled those of them that have been asked back
     * @param recall asks one back
     */
    Room(int most, int mostOfHolder, Collection<Lease> leases, Collection<Lease> recalled, Consumer<Lease> recall) {
        this.most = most;
        this.mostOfHolder = mostOfHolder;
        this.leases = leases;
        this.recalled = recalled;
        this.recall = recall;
    }

    boolean holds(Holder holder, int more) {
        return holder.leases.size() + more <= mostOfHolder && leases.size() + more <= most;
    }

    /**
     * Asks the oldest back where little room is left. Who has more than would make room for all gives up its own, and nobody has
     * to for it.
     */
    void keepFree(Holder holder) {
        int had = holder.leases.size() - holder.recalled;
        int free = wanted(Set.of(holder));
        recallOldest(holder.leases, had - mostOfHolder + Math.max(kept(mostOfHolder), free));
        boolean ownWillDo = had > kept(most);
        recallOldest(ownWillDo ? holder.leases : leases,
                leases.size() - recalled.size() - most + Math.max(kept(most), free));
    }

    private static int kept(int most) {
        return Math.max(1, most / PART_KEPT_FREE);
    }

    private int wanted(Set<Holder> by) {
        return waits.stream().filter(wait -> by.contains(wait.holder)).mapToInt(wait -> wait.count).sum();
    }

    private void recallOldest(Collection<Lease> of, int count) {
        if (count > 0) {
            of.stream().filter(lease -> !lease.recalled).limit(count).toList().forEach(recall);
        }
    }

    /**
     * Runs it when there is room for so many, or half of all where that is less: within this call, or when the holder has given
     * up older ones, or has not within its term.
     */
    Wait await(Holder holder, int count, Runnable go) {
        Wait wait = new Wait(holder, Math.min(count, Math.min(most, mostOfHolder) / 2), go);
        waits.add(wait);
        keepFree(holder);
        settle();
        return wait;
    }

    void cancel(Wait wait) {
        wait.over = true;
        waits.remove(wait);
    }

    /** Leases have been given up or taken: who has room now goes on, each holder's in their order. */
    void settle() {
        Set<Holder> held = new HashSet<>();
        for (Wait wait : List.copyOf(waits)) {
            if (!wait.over && !held.contains(wait.holder)) {
                if (isReady(wait)) {
                    cancel(wait);
                    wait.go.run();
                } else {
                    held.add(wait.holder);
                }
            }
        }
    }

    /** There is room, or none to come. */
    private boolean isReady(Wait wait) {
        return holds(wait.holder, wait.count) || wait.holder.ended || wait.holder.silent > 0
                || recalled.stream().allMatch(lease -> lease.taken);
    }
}
