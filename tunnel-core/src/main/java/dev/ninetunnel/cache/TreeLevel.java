package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.cache.known.ReadingOrder;
import dev.ninetunnel.wire.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A directory on the way of a local client through a tree, and which of the directories in it the client comes to. Several of its threads
 * may go through it side by side, each a part of it, as those of git do.
 */
final class TreeLevel {
    /** As many threads as git has at most. */
    private static final int MOST_THREADS = 20;

    /** Of the cache's own. */
    final LocalFid fid;
    /** How many of the directories in it the client has come to. */
    int taken;
    private Listing listing;
    /** The one that has come to a directory last is the first. */
    private ArrayDeque<ReadingOrder> threads = new ArrayDeque<>(1);

    TreeLevel(LocalFid fid) {
        this.fid = fid;
    }

    /** By which its names are known; or null. */
    Lease lease() {
        return fid.lease();
    }

    /** What it says of the client's way that it comes to a directory. */
    enum Step {
        /** It was there before. */
        AGAIN,
        /** It is next to one before. */
        NEXT,
        /** Another thread may begin there. */
        BEGINS,
        /** There is no order in it. */
        ELSEWHERE
    }

    /** The client comes to a directory in it. */
    Step comesTo(Text name) {
        refresh();
        if (threads.stream().anyMatch(one -> name.equals(one.last()))) {
            return Step.AGAIN;
        }
        taken++;
        ReadingOrder latest = threads.peek();
        ReadingOrder thread = threads.stream().filter(one -> one.leadsTo(name, 0)).findFirst().orElse(latest);
        Step step = Step.NEXT;
        if (thread == null || !thread.leadsTo(name, ReadingOrder.MOST_LEFT_OUT)) {
            step = threads.size() < MOST_THREADS ? Step.BEGINS : Step.ELSEWHERE;
            thread = latest == null ? new ReadingOrder(directories()) : latest.another();
        }
        thread.comesTo(name);
        threads.remove(thread);
        threads.push(thread);
        if (threads.size() > MOST_THREADS) {
            threads.removeLast();
        }
        return step;
    }

    /** The directories in it that are likely to be next, so many at most: those behind each of the threads in turn. */
    Collection<Text> next(int most) {
        refresh();
        Set<Text> all = new LinkedHashSet<>();
        List<Iterator<Text>> left = new ArrayList<>();
        threads.forEach(one -> left.add(one.next().iterator()));
        while (!left.isEmpty() && all.size() < most) {
            left.removeIf(names -> !names.hasNext());
            left.forEach(names -> all.add(names.next()));
        }
        return all;
    }

    private List<Text> directories() {
        return listing == null ? List.of() : listing.directories();
    }

    private void refresh() {
        Listing known = lease() == null ? null : lease().listing();
        if (known != listing) {
            listing = known;
            ArrayDeque<ReadingOrder> refreshed = new ArrayDeque<>(threads.size());
            threads.forEach(one -> refreshed.add(one.of(directories())));
            threads = refreshed;
        }
    }
}
