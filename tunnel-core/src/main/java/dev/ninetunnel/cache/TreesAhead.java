package dev.ninetunnel.cache;

import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;

/** The ways of one local client through trees: it may be a kernel with several programs. The latest is the first. */
final class TreesAhead {
    private static final int MOST = 4;
    private static final int MOST_PATIENCE = 1 << 20;
    /** How many known names a directory has for each file that is asked for alone at least, while it is not changed. */
    private static final int NAMES_A_MISS = 64;

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

    /**
     * A name in a directory is not known, or not the file that it stands for, which is wanted. When that is so for a second one, it is
     * likely that others follow, and the directory is asked for at once.
     *
     * @param names lead to the directory from the fid, and were known
     */
    void missed(LocalFid from, List<LocalFid.Step> names, Qid qid, Name directory, Text wanted) {
        Lease lease = directory.lease;
        if (!tellsMore(lease, wanted)) {
            return;
        }
        lease.lastMissed = wanted;
        lease.missed++;
        lease.missedInRow++;
        boolean isDue = lease.missed > directory.patience
                || lease.missedInRow > 1 + lease.names().size() / NAMES_A_MISS;
        if (directory.load == null && isDue && !directory.isPiecemeal) {
            // Longer each time: what was asked for may be wrong before it has come, where the directory is being changed.
            lease.missed = 0;
            lease.missedInRow = lease.listing() == null ? lease.missedInRow : 0;
            directory.patience = Math.min(8 * directory.patience, MOST_PATIENCE);
            DirectoryLoad.ask(from, names, qid, directory);
        }
        if (directory.load != null) {
            comesTo(from, names, qid, directory, false);
        }
    }

    /**
     * Whether the directory would tell of this name, which was not the one that was missed last, what is not known: all, or what
     * was known and has been given up to make room.
     */
    private static boolean tellsMore(Lease directory, Text wanted) {
        if (!Lease.answers(directory, LeaseKinds.NAMES) || wanted.equals(directory.lastMissed)) {
            return false;
        }
        Name name = directory.names().get(wanted);
        return directory.listing() == null || (name != null && name.lease != null);
    }

    /** The same of a file that is found by its fid. */
    void missed(LocalFid file) {
        Lease lease = file.at == null ? null : file.at.directory();
        if (lease == null || !tellsMore(lease, file.at.name())) {
            return;
        }
        LocalFid directory = client.fidOf(lease);
        if (directory != null) {
            missed(directory, List.of(), directory.qid, directory.name, file.at.name());
        }
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
