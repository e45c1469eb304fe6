package dev.ninetunnel.cache;

import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Directories that are asked for before the local client comes to them, because it goes through a tree: it has come to a second
 * one in the same directory. The next ones are asked for in its order, those in a directory before those behind it, as ls -R, find
 * and tar go, and behind each of several threads. How many doubles whenever the client has to wait all the same, and halves when it comes to others than those.
 */
final class TreeAhead {
    private static final int MOST_AHEAD = 256;
    private static final int MOST_LEVELS = 64;

    /** A directory that was asked for, and to which the client has not come. */
    private final class Ahead {
        private final Name name;
        /** Null if it was not to be asked for. */
        private DirectoryLoad load;
        /** Of our own, to ask for those in it; null until then. */
        private LocalFid fid;

        Ahead(Name name) {
            this.name = name;
        }

        /** Whether it is on its way, or has come and is known still. */
        boolean isGood() {
            return load.isComing() || isKnown(name);
        }

        void end() {
            if (fid != null) {
                client.farFids.end(fid);
                fid = null;
            }
        }
    }

    private final CachedClient client;
    /** From where the client is outwards. */
    private final ArrayDeque<TreeLevel> levels = new ArrayDeque<>();
    private final List<Ahead> ahead = new ArrayList<>();
    private int window;
    /** How many may still be looked at, and be asked for, at one time. */
    private int looks;
    private int room;

    TreeAhead(CachedClient client) {
        this.client = client;
    }

    /** Of the cache's own, of the directory that the client is in or came through, whose names are known by this lease; or null. */
    LocalFid fid(Lease lease) {
        return levels.stream().map(level -> level.fid).filter(fid -> fid.lease() == lease).findFirst().orElse(null);
    }

    /** Whether the client is in a directory from which this one is next, or which it is itself. */
    boolean leadsTo(LocalFid.Step at, Name name) {
        return levels.stream().anyMatch(level -> level.fid.name == name || isIn(at, level));
    }

    private static boolean isIn(LocalFid.Step at, TreeLevel level) {
        return at != null && at.directory() == level.lease();
    }

    /** The client comes to a directory: it reads it, or looks for names in it. */
    void comesTo(LocalFid from, List<LocalFid.Step> names, Qid qid, Name name, boolean isKnown) {
        LocalFid.Step at = names.isEmpty() ? from.at : names.getLast();
        while (!levels.isEmpty() && levels.peek().fid.name != name && !isIn(at, levels.peek())) {
            leave(levels.pop());
        }
        if (!levels.isEmpty() && levels.peek().fid.name == name) {
            fill();
            return;
        }
        if (!levels.isEmpty()) {
            TreeLevel.Step step = levels.peek().comesTo(at.name());
            adjust(levels.peek(), step, name, isKnown);
        }
        if (levels.size() < MOST_LEVELS) {
            levels.push(new TreeLevel(client.farFids.shadow(from, names, qid, name)));
        }
        fill();
    }

    /** What is asked for ahead is more if the client waits, and less if it comes to something else. */
    private void adjust(TreeLevel parent, TreeLevel.Step step, Name name, boolean isKnown) {
        Ahead hit = ahead.stream().filter(one -> one.name == name).findFirst().orElse(null);
        if (hit != null) {
            boolean waits = hit.load.isComing();
            ahead.remove(hit);
            hit.end();
            window = waits ? Math.min(MOST_AHEAD, 2 * window) : window;
        } else if (!isKnown && (window > 0 || parent.taken == 2)) {
            window = switch (step) {
                case AGAIN -> window;
                case NEXT -> Math.clamp(2L * window, 2, MOST_AHEAD);
                case BEGINS -> Math.max(window, 2);
                case ELSEWHERE -> window / 2;
            };
        }
    }

    /** Nothing is asked for ahead any more. */
    void end() {
        levels.forEach(this::leave);
        levels.clear();
        ahead.forEach(Ahead::end);
        ahead.clear();
        window = 0;
    }

    private void leave(TreeLevel level) {
        client.farFids.end(level.fid);
    }

    // ---- what is next

    /** Asks for as many as may be. */
    private void fill() {
        for (Ahead lost : ahead.stream().filter(one -> !one.isGood()).toList()) {
            ahead.remove(lost);
            lost.end();
            window /= 2;
        }
        room = window - ahead.size();
        looks = 4 * window;
        for (TreeLevel level : levels) {
            if (room <= 0 || level.lease() == null) {
                return;
            }
            for (Text name : level.next(looks)) {
                if (room <= 0 || looks <= 0) {
                    return;
                }
                look(level.fid, name);
            }
        }
    }

    /** Asks for a directory in another, or if that was done and has come, for those in it. */
    private void look(LocalFid parent, Text text) {
        looks--;
        Name name = parent.lease().names().get(text);
        if (name == null || name.qid == null || name.load != null || !Lease.answers(name.lease, LeaseKinds.NAMES)) {
            return;
        }
        if (name.lease.listing() == null) {
            ask(parent, text, name);
            return;
        }
        Ahead before = ahead.stream().filter(one -> one.name == name).findFirst().orElse(null);
        if (before == null) {
            return;
        }
        for (Text child : name.lease.listing().directories()) {
            if (room <= 0 || looks <= 0) {
                return;
            }
            if (before.fid == null) {
                before.fid = client.farFids.shadow(parent, List.of(new LocalFid.Step(parent.lease(), text)), name.qid,
                        name);
            }
            look(before.fid, child);
        }
    }

    private void ask(LocalFid parent, Text text, Name name) {
        int bytes = client.far.mostEntries();
        if (name.isPiecemeal || !client.far.isWritable() || !client.ahead.take(bytes)) {
            return;
        }
        if (parent.far == null && !parent.steps.isEmpty()) {
            client.farFids.make(parent);
        }
        Ahead one = new Ahead(name);
        one.load = DirectoryLoad.ahead(parent, text, name,
                client.readsFiles ? DirectoryLoad.With.CONTENT : DirectoryLoad.With.NOTHING, () -> {
                    client.ahead.give(bytes);
                    name.lease.isAhead = isKnown(name);
                });
        ahead.add(one);
        room--;
    }

    private static boolean isKnown(Name name) {
        return Lease.answers(name.lease, LeaseKinds.NAMES) && name.lease.listing() != null;
    }
}
