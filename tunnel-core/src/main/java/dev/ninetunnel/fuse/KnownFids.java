package dev.ninetunnel.fuse;

import dev.ninetunnel.client.FidCalls;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The fids that stand for files which the kernel knows. The kernel forgets a file only when it needs the memory, and a fid may hold a
 * descriptor at the server: those that were used longest ago are let go when there are many, or too many for the server. Any thread.
 */
final class KnownFids {
    /** So many at most, but for those of files that are open, or have no name any more. */
    private static final int MOST = 4096;

    private final FidCalls calls;
    /** By the kernel's numbers for the files, those last that were used last. */
    private final LinkedHashMap<Long, Known> fids = new LinkedHashMap<>(16, 0.75f, true);
    private final List<Integer> outdated = new ArrayList<>();

    /** A fid, and the file that it is for. */
    static final class Known {
        final Inode inode;
        final int fid;
        /** What is being done with it. */
        private int users;
        /** It stands for the file no more, and is ended when nothing is done with it. */
        private boolean isOver;

        Known(Inode inode, int fid) {
            this.inode = inode;
            this.fid = fid;
        }

        /** Whether it may be let go: the file can be found again, also if its name goes meanwhile. */
        private boolean canBeFound() {
            return users == 0 && !inode.kept().isOpen() && !inode.names().isEmpty();
        }
    }

    /** None is known yet; these end them. */
    KnownFids(FidCalls calls) {
        this.calls = calls;
    }

    /** That of a file, which is in use for the caller until {@link #used}; null if there is none. */
    synchronized Known use(long node) {
        Known known = fids.get(node);
        if (known != null) {
            known.users++;
        }
        return known;
    }

    /** One that {@link #use} or {@link #take} has given is of no more use to the caller. */
    void used(Known known) {
        boolean isOver;
        synchronized (this) {
            known.users--;
            isOver = known.isOver && known.users == 0;
        }
        if (isOver) {
            calls.clunk(known.fid);
        }
    }

    /** One for a file, which is clunked if there is one already; that is in use for the caller. */
    Known take(Inode inode, int fid) {
        List<Integer> over;
        Known kept;
        synchronized (this) {
            kept = fids.computeIfAbsent(inode.number(), _ -> new Known(inode, fid));
            kept.users++;
            over = fids.size() > MOST ? oldest(MOST / 8) : List.of();
        }
        if (kept.fid != fid) {
            calls.clunk(fid);
        }
        over.forEach(calls::clunk);
        return kept;
    }

    /** It stands for its file no more, though the file may be there. */
    void drop(Known stale) {
        boolean isOver;
        synchronized (this) {
            boolean isMine = fids.remove(stale.inode.number(), stale);
            stale.isOver |= isMine;
            isOver = isMine && stale.users == 0;
        }
        if (isOver) {
            calls.clunk(stale.fid);
        }
    }

    /** Takes out half of them, from those that were used longest ago and can be done without. The caller ends them. */
    synchronized List<Integer> takeHalf() {
        return oldest((fids.size() + 1) / 2);
    }

    private List<Integer> oldest(int number) {
        List<Integer> taken = new ArrayList<>(number);
        Iterator<Known> all = fids.values().iterator();
        while (all.hasNext() && taken.size() < number) {
            Known known = all.next();
            if (known.canBeFound()) {
                taken.add(known.fid);
                all.remove();
            }
        }
        return taken;
    }

    /**
     * From now on, a file and what is below it is found by its names again. The fids for them are clunked when that happens the next
     * time, for requests on their way may name them.
     */
    synchronized void findAgain(Inode moved) {
        outdated.forEach(calls::clunk);
        outdated.clear();
        List<Long> numbers = moved.isDirectory() ? List.copyOf(fids.keySet()) : List.of(moved.number());
        for (Long number : numbers) {
            Known known = fids.remove(number);
            if (known != null) {
                outdated.add(known.fid);
            }
        }
    }

    /** The kernel has forgotten a file. */
    void forget(Inode inode) {
        Known known;
        synchronized (this) {
            known = fids.remove(inode.number());
        }
        if (known != null) {
            calls.clunk(known.fid);
        }
    }
}
