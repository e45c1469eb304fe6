package dev.ninetunnel.lease;

import dev.ninetunnel.fs.FileId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The room for leases: so many in all, and so many for each holder. A part of it is kept free by asking some back of who has most, so
 * that there is some for what is read next; who reads more files at once than that waits until it is there. Belongs to the owner
 * of the granter.
 */
final class Room {
    private static final int PART_KEPT_FREE = 8;
    private static final int PART_TOGETHER = 32;
    /** Of the leases of a holder that goes round: those that it has just got, and is about to use. */
    private static final int PART_OF_NEWEST = 4;

    private final int most;
    private final int mostOfHolder;
    private final Collection<Lease> leases;
    private final Collection<Lease> recalled;
    /** Those that have any. */
    private final Set<Holder> holders = new LinkedHashSet<>();
    private final Consumer<Collection<Lease>> recall;
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
     * @param recall asks some back
     */
    Room(int most, int mostOfHolder, Collection<Lease> leases, Collection<Lease> recalled,
            Consumer<Collection<Lease>> recall) {
        this.most = most;
        this.mostOfHolder = mostOfHolder;
        this.leases = leases;
        this.recalled = recalled;
        this.recall = recall;
    }

    boolean holds(Holder holder, int more) {
        return holder.leases.size() + more <= mostOfHolder && leases.size() + more <= most;
    }

    /** A holder has got a lease. */
    void got(Holder holder) {
        holders.add(holder);
    }

    /** A holder has given one up, or it was taken. */
    void gone(Holder holder) {
        if (holder.leases.isEmpty()) {
            holders.remove(holder);
        }
    }

    /**
     * Asks files back where little room is left: of the holder what is more than it may have, and of who has most what is more than there is
     * room for. So one alone has all of it, and several come to have equal parts if they want them.
     */
    void keepFree(Holder holder) {
        int free = wanted(Set.of(holder));
        recall(holder, together(holder.held() - mostOfHolder + Math.max(kept(mostOfHolder), free), mostOfHolder));
        int tooMany = together(leases.size() - recalled.size() - most + Math.max(kept(most), free), most);
        if (tooMany > 0) {
            recall(Collections.max(holders, Comparator.comparingInt(Holder::held)), tooMany);
        }
    }

    private static int kept(int most) {
        return Math.max(1, most / PART_KEPT_FREE);
    }

    /** So many are asked back where so few have to be, for that is one message for all of them. */
    private static int together(int count, int most) {
        return count <= 0 ? count : Math.max(count, most / PART_TOGETHER);
    }

    private int wanted(Set<Holder> by) {
        return waits.stream().filter(wait -> by.contains(wait.holder)).mapToInt(wait -> wait.count).sum();
    }

    /** A holder wants a lease that it does not have. */
    void wants(Holder holder, FileId id) {
        holder.returns.wants(id, mostOfHolder);
    }

    /**
     * The oldest of a holder's; of one that goes round through more files than it may have, the newer ones: most others are known when it
     * comes again. Directories last, for much is known by their names.
     */
    private void recall(Holder holder, int count) {
        if (count <= 0) {
            return;
        }
        List<Lease> chosen = new ArrayList<>(held(holder).filter(lease -> !isDirectory(lease)).limit(count).toList());
        held(holder).filter(Room::isDirectory).limit(count - chosen.size()).forEach(chosen::add);
        chosen.forEach(lease -> holder.returns.gone(lease.inode.id, mostOfHolder));
        recall.accept(chosen);
    }

    private Stream<Lease> held(Holder holder) {
        Stream<Lease> all = holder.returns.areUsual(mostOfHolder)
                ? holder.leases.reversed().stream().skip(mostOfHolder / PART_OF_NEWEST)
                : holder.leases.stream();
        return all.filter(lease -> !lease.recalled);
    }

    private static boolean isDirectory(Lease lease) {
        return lease.inode.id.kind() == FileId.Kind.DIRECTORY;
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
                || recalled.stream().allMatch(lease -> lease.holder.silent > 0);
    }
}
