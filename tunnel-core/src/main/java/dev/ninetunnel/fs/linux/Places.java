package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileId;
import java.util.HashMap;
import java.util.Map;

/**
 * All files of a tree that somebody holds, each once, and the places where they were found. The one lock here is held
 * for look-ups in memory alone, never over a system call. What a method returns is held for the caller, who gives it to
 * {@link #release}. Any thread.
 */
final class Places {
    private final Descriptors descriptors;
    private final Map<FileId, Inode> inodes = new HashMap<>();

    Places(Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    /** A place above all, with a descriptor that now belongs to it. */
    Place root(FileId id, int fd) {
        Inode inode = new Inode(id, fd, descriptors);
        inode.holders = 1;
        synchronized (this) {
            inodes.put(id, inode);
        }
        return new Place(inode, true, null, new Name(new byte[0]));
    }

    /** Another hold. */
    synchronized Place hold(Place place) {
        place.holders++;
        return place;
    }

    /** Another hold, if anybody has one; else null. */
    synchronized Place holdIfHeld(Place place) {
        return place.holders == 0 ? null : hold(place);
    }

    /** Puts a place that is held down to a far side, with all that is above it. */
    void take(Place place, DescriptorShare share) {
        Place above = above(place);
        for (Place at = place; share.take(at, above) && above != null; above = above(at)) {
            at = above;
        }
    }

    private synchronized Place above(Place place) {
        return place.above;
    }

    /** What the directory above is; for the root, the root. */
    synchronized FileId idAbove(Place place) {
        return place.above == null ? place.inode.id : place.above.inode.id;
    }

    /** The name, and where it was when that was true. */
    record Spot(Place above, Name name) {}

    /** Where a place is as far as known, with a hold on what is above; null for the root. */
    synchronized Spot spot(Place place) {
        return place.above == null ? null : new Spot(hold(place.above), place.name);
    }

    /** The name as far as known. */
    synchronized Name name(Place place) {
        return place.name;
    }

    /** The root above a place, or the place itself. */
    synchronized Place holdTop(Place place) {
        Place top = place;
        while (top.above != null) {
            top = top.above;
        }
        return hold(top);
    }

    /** Whether an entry of this directory is known by this name. */
    synchronized boolean knows(Place directory, Name name) {
        return directory.entries.containsKey(name);
    }

    /** The place of this name, if it is the one known; else null. */
    synchronized Place find(Place directory, Name name, FileId id) {
        Place known = directory.entries.get(name);
        return known != null && known.inode.id.equals(id) ? hold(known) : null;
    }

    /** The place of this name, where a file was found for which a descriptor was opened that now belongs to it. */
    Place found(Place directory, Name name, FileId id, int fd) {
        Place place;
        synchronized (this) {
            place = find(directory, name, id);
            if (place == null) {
                Inode inode = inodes.get(id);
                boolean opener = inode == null;
                if (opener) {
                    inode = new Inode(id, fd, descriptors);
                    inodes.put(id, inode);
                }
                inode.holders++;
                place = new Place(inode, opener, hold(directory), name);
                directory.entries.put(name, place);
            }
        }
        if (place.inode.fd != fd) {
            descriptors.close(fd);
        }
        return place;
    }

    /** Notes that an entry was renamed by us. */
    void moved(Place from, Name oldName, Place to, Name newName) {
        Place left = null;
        synchronized (this) {
            Place moved = from.entries.get(oldName);
            Place replaced = to.entries.get(newName);
            if (moved != null && replaced != null && moved.inode == replaced.inode) {
                return; // rename(2) does nothing between two names of one file
            }
            from.entries.remove(oldName);
            to.entries.remove(newName);
            if (moved != null) {
                left = put(moved, to, newName);
            }
        }
        release(left);
    }

    /** Notes where a place was found to be. */
    void relocated(Place place, Place to, Name newName) {
        Place left = null;
        synchronized (this) {
            if (place.above == to && place.name.equals(newName)) {
                return;
            }
            place.above.entries.remove(place.name, place);
            left = put(place, to, newName);
        }
        release(left);
    }

    /** Notes that an entry was removed by us. What takes its name later is another place. */
    synchronized void removed(Place directory, Name name) {
        directory.entries.remove(name);
    }

    /** Ends a hold, if it is not the last, so that there is nothing else to end. Returns whether it has. */
    synchronized boolean releaseShared(Place place) {
        if (place.holders == 1) {
            return false;
        }
        place.holders--;
        return true;
    }

    /** Ends a hold, and what it alone held. */
    void release(Place released) {
        Place place = released;
        while (place != null) {
            Inode unused = null;
            Place above = null;
            synchronized (this) {
                if (--place.holders > 0) {
                    return;
                }
                above = place.above;
                if (above != null) {
                    above.entries.remove(place.name, place);
                }
                if (--place.inode.holders == 0) {
                    unused = place.inode;
                    inodes.remove(unused.id, unused);
                }
            }
            if (unused != null) {
                descriptors.close(unused.fd);
            }
            place = above;
        }
    }

    /**
     * Puts a place elsewhere; gives the directory that it no longer holds. Not below itself: that can only look so
     * because others have moved directories meanwhile. Then the place stays where it was, unfindable, until it is
     * looked for.
     */
    private Place put(Place place, Place to, Name newName) {
        for (Place p = to; p != null; p = p.above) {
            if (p == place) {
                return null;
            }
        }
        Place left = place.above;
        place.above = hold(to);
        place.name = newName;
        to.entries.put(newName, place);
        return left;
    }
}
