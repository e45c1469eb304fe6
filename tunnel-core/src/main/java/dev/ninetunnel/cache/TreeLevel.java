package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.wire.Text;
import java.util.ArrayList;
import java.util.List;

/** A directory on the way of a local client through a tree, and the order in which it takes the directories in it. */
final class TreeLevel {
    /** Of the cache's own. */
    final LocalFid fid;
    /** How many of the directories in it the client has come to. */
    int taken;
    private Listing listing;
    /** As the directory tells them, or by their names. */
    private List<Text> order = List.of();
    private boolean isSorted;
    /** Where in that order the client is; -1 before the first. */
    private int at = -1;

    TreeLevel(LocalFid fid) {
        this.fid = fid;
    }

    /** By which its names are known; or null. */
    Lease lease() {
        return fid.lease();
    }

    /** The client comes to a directory in it. */
    void comesTo(Text name) {
        taken++;
        refresh();
        if (at + 1 < order.size() && order.get(at + 1).equals(name)) {
            at++;
            return;
        }
        List<Text> other = order(!isSorted);
        int before = at < 0 ? -1 : other.indexOf(order.get(at));
        if (before + 1 < other.size() && other.get(before + 1).equals(name)) {
            isSorted = !isSorted;
            order = other;
            at = before + 1;
        } else {
            at = order.indexOf(name);
        }
    }

    /** The directories in it that the client has not come to, in the order in which it is likely to. */
    List<Text> next() {
        refresh();
        return order.subList(at + 1, order.size());
    }

    private void refresh() {
        Listing known = lease() == null ? null : lease().listing();
        if (known == listing) {
            return;
        }
        Text last = at < 0 ? null : order.get(at);
        listing = known;
        order = order(isSorted);
        at = last == null ? -1 : order.indexOf(last);
    }

    private List<Text> order(boolean sorted) {
        List<Text> all = listing == null ? List.of() : listing.directories();
        if (!sorted) {
            return all;
        }
        List<Text> byName = new ArrayList<>(all);
        byName.sort(null);
        return byName;
    }
}
