package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.cache.known.ReadingOrder;
import dev.ninetunnel.wire.Text;
import java.util.List;

/** A directory on the way of a local client through a tree, and which of the directories in it the client comes to. */
final class TreeLevel {
    /** Of the cache's own. */
    final LocalFid fid;
    /** How many of the directories in it the client has come to. */
    int taken;
    private Listing listing;
    private ReadingOrder order = new ReadingOrder(List.of());

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
        order.comesTo(name);
    }

    /** The directories in it that the client has not come to, in the order in which it is likely to. */
    List<Text> next() {
        refresh();
        return order.next();
    }

    private void refresh() {
        Listing known = lease() == null ? null : lease().listing();
        if (known != listing) {
            listing = known;
            order = order.of(known == null ? List.of() : known.directories());
        }
    }
}
