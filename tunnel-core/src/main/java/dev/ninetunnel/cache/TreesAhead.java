package dev.ninetunnel.cache;

import dev.ninetunnel.wire.Qid;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;

/** The ways of one local client through trees: it may be a kernel with several programs. The latest is the first. */
final class TreesAhead {
    private static final int MOST = 4;

    private final CachedClient client;
    private final ArrayDeque<TreeAhead> ways = new ArrayDeque<>(MOST);

    TreesAhead(CachedClient client) {
        this.client = client;
    }

    /**
     * The client comes to a directory: it reads it, or looks for names in it.
     *
     * @param names lead there from the fid, and were known
     * @param isKnown whether the far side need not be asked for what is in it
     */
    void comesTo(LocalFid from, List<LocalFid.Step> names, Qid qid, Name name, boolean isKnown) {
        if (name.lease != null) {
            name.lease.isAhead = false;
        }
        LocalFid.Step at = names.isEmpty() ? from.at : names.getLast();
        TreeAhead way = ways.stream().filter(one -> one.leadsTo(at, name)).findFirst().orElse(null);
        if (way != null) {
            ways.remove(way);
        } else if (ways.size() < MOST) {
            way = new TreeAhead(client);
        } else {
            way = ways.removeLast();
            way.end();
        }
        ways.push(way);
        way.comesTo(from, names, qid, name, isKnown);
    }

    /** Of the cache's own, of a directory that the client has come to, whose names are known by this lease; or null. */
    LocalFid fid(Lease lease) {
        return ways.stream().map(way -> way.fid(lease)).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The client has left. */
    void end() {
        ways.forEach(TreeAhead::end);
        ways.clear();
    }
}
