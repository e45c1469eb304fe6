package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tput;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a change by a local client is about. The files are those of the fids that it names, and those that its names stand for:
 * what a name stood for last is known from the lease on the names of its directory, and if it is not, the far side has to be asked.
 */
final class Scope {
    /** A name in a directory that a fid of the client's stands for. */
    record Entry(LocalFid directory, Text name) {}

    /** A name in a directory. */
    private record Place(Inode directory, Text name) {}

    /** Of Tlcreate, as Linux numbers them for all processors in 9P2000.L. */
    private static final int EXCLUSIVE = 0200;
    private static final int TRUNCATE = 01000;

    private final Holder holder;
    /** Of most changes there is one, so no more than that is made room for. */
    private Set<Inode> inodes = Set.of();
    private final List<Place> places = new ArrayList<>(0);
    private final List<Entry> unknown = new ArrayList<>(0);
    private boolean isAboutAnyName;

    Scope(CachedClient server, Pending request, List<LocalFid> named) {
        this.holder = server.holder;
        ByteBuf frame = request.frame();
        switch (request.type()) {
            case TLCREATE -> {
                Text name = name(frame, Frame.HEADER + 4);
                int flags = Frame.int32(frame, Frame.HEADER + 4 + 2 + name.length());
                entry(named.getFirst(), name, (flags & TRUNCATE) != 0 && (flags & EXCLUSIVE) == 0);
            }
            case TSYMLINK, TMKNOD, TMKDIR -> entry(named.getFirst(), name(frame, Frame.HEADER + 4), false);
            case TUNLINKAT -> entry(named.getFirst(), name(frame, Frame.HEADER + 4), true);
            case TLINK -> entry(named.getFirst(), name(frame, Frame.HEADER + 8), false);
            case TRENAMEAT, TRENAMEAT2 -> {
                Text name = name(frame, Frame.HEADER + 4);
                int second = Frame.HEADER + 4 + 2 + name.length();
                entry(named.getFirst(), name, true);
                entry(server.fid(Frame.int32(frame, second)), name(frame, second + 4), true);
            }
            case TPUT -> {
                Text name = name(frame, Frame.HEADER + 4);
                int second = Frame.HEADER + 4 + 2 + name.length();
                Text temporary = name(frame, second);
                int flags = Frame.int32(frame, second + 2 + temporary.length());
                entry(named.getFirst(), temporary, false); // is not there before nor after
                entry(named.getFirst(), name, flags != Tput.NO_REPLACE);
            }
            case TRENAME -> {
                entry(server.fid(Frame.int32(frame, Frame.HEADER + 4)), name(frame, Frame.HEADER + 8), true);
                ownName(named.getFirst());
            }
            case TREMOVE -> ownName(named.getFirst());
            default -> {
            }
        }
        if (request.type() != MessageType.TTMPFILE) { // has no name, and changes nothing of the directory
            named.forEach(this::file);
        }
    }

    private static Text name(ByteBuf frame, int at) {
        return Text.read(frame.slice().skipBytes(at));
    }

    // ---- what the request tells

    private void file(LocalFid fid) {
        if (fid.qid != null) {
            add(holder.inode(fid.qid.path()));
        } else if (!fid.writesAttribute) {
            holder.inodes().forEach(this::add);
            isAboutAnyName = true;
        }
    }

    /** The name of a fid's file changes, which the request does not tell: if it is not known, it is one in any directory. */
    private void ownName(LocalFid fid) {
        LocalFid.Step step = fid.name.place;
        Place place = step == null ? null : new Place(step.directory().inode, step.name());
        if (place != null && isSure(step.directory(), place)
                && fid.name.equals(step.directory().names().get(step.name()))) {
            places.add(place);
            add(place.directory);
        } else {
            isAboutAnyName = true;
            holder.inodes().stream().filter(inode -> !inode.isFile).forEach(this::add);
        }
    }

    /** A name in a directory, and whether the change does something to the file that it stands for. */
    private void entry(LocalFid directory, Text name, boolean touches) {
        if (directory == null || directory.qid == null) {
            return; // it fails, or is about anything
        }
        Place place = new Place(holder.inode(directory.qid.path()), name);
        Name known = touches ? known(directory.lease(), place) : null;
        places.add(place);
        if (known == null && touches) {
            unknown.add(new Entry(directory, name));
        } else if (known != null && known.qid != null) {
            add(holder.inode(known.qid.path()));
        }
    }

    /** What it stands for, absence too; null if that is not known, or being changed. */
    private static Name known(Lease lease, Place place) {
        if (!isSure(lease, place)) {
            return null;
        }
        Name known = lease.names().get(place.name);
        return known == null && lease.lacks(place.name) ? new Name(null, null) : known;
    }

    /** Whether what is known of a name by this lease is right, whatever changes of our own are under way. */
    private static boolean isSure(Lease lease, Place place) {
        return lease != null && lease.isGood(LeaseKinds.NAMES)
                && lease.inode.changes.stream().noneMatch(other -> other.scope().mayChange(place));
    }

    private boolean mayChange(Place place) {
        return isAboutAnyName || places.contains(place);
    }

    // ---- what it is

    /** A file is touched as well. Returns whether that was not known. */
    boolean add(Inode inode) {
        if (inodes.contains(inode)) {
            return false;
        }
        if (inodes.isEmpty()) {
            inodes = Set.of(inode);
            return true;
        }
        if (inodes.size() == 1) {
            inodes = new LinkedHashSet<>(inodes);
        }
        return inodes.add(inode);
    }

    /** The files that are touched, as far as they are known. */
    Set<Inode> inodes() {
        return inodes;
    }

    /** Names whose files are touched, whatever they are. */
    List<Entry> unknown() {
        return unknown;
    }

    /** Whether a file may be touched that is not among them, even when all names are known. */
    boolean isOpen() {
        return isAboutAnyName || !unknown.isEmpty();
    }

    /** Whether it goes by what is known of the names in this directory; null for one that is not known. */
    boolean goesBy(Inode directory) {
        return !places.isEmpty() && (directory == null
                || places.stream().anyMatch(place -> place.directory.equals(directory)));
    }
}
