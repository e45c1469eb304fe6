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
final class EntryTable {
    /** Of a place that is none yet. The root's is the same, but that is never linked. */
    private static final Name UNNAMED = new Name(new byte[0]);

    private final Descriptors descriptors;
    private final Map<FileId, Inode> inodes = new HashMap<>();

    EntryTable(Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    /** A place above all, with a descriptor that now belongs to it. */
    EntryNode root(FileId id, int fd) {
        Inode inode = new Inode(id, fd, descriptors);
        inode.holders = 1;
        synchronized (this) {
            inodes.put(id, inode);
        }
        return new EntryNode(inode, true, null, new Name(new byte[0]));
    }

    /** Another hold. */
    synchronized EntryNode hold(EntryNode entryNode) {
        entryNode.holders++;
        return entryNode;
    }

    /** Another hold, if anybody has one; else null. */
    synchronized EntryNode holdIfHeld(EntryNode entryNode) {
        return entryNode.holders == 0 ? null : hold(entryNode);
    }

    /** Puts a place that is held down to a far side, with all that is above it. */
    void take(EntryNode entryNode, DescriptorShare share) {
        EntryNode above = above(entryNode);
        for (EntryNode at = entryNode; share.take(at, above) && above != null; above = above(at)) {
            at = above;
        }
    }

    private synchronized EntryNode above(EntryNode entryNode) {
        return entryNode.above;
    }

    /** What the directory above is; for the root, the root. */
    synchronized FileId idAbove(EntryNode entryNode) {
        return entryNode.above == null ? entryNode.inode.id : entryNode.above.inode.id;
    }

    /** The name, and where it was when that was true. */
    record Spot(EntryNode above, Name name) {}

    /** Where a place is as far as known, with a hold on what is above; null for the root. */
    synchronized Spot spot(EntryNode entryNode) {
        return entryNode.above == null ? null : new Spot(hold(entryNode.above), entryNode.name);
    }

    /** The name as far as known. */
    synchronized Name name(EntryNode entryNode) {
        return entryNode.name;
    }

    /** The root above a place, or the place itself. */
    synchronized EntryNode holdTop(EntryNode entryNode) {
        EntryNode top = entryNode;
        while (top.above != null) {
            top = top.above;
        }
        return hold(top);
    }

    /** Whether an entry of this directory is known by this name. */
    synchronized boolean knows(EntryNode directory, Name name) {
        return directory.entries.containsKey(name);
    }

    /** The place of this name, if it is the one known; else null. */
    synchronized EntryNode find(EntryNode directory, Name name, FileId id) {
        EntryNode known = directory.entries.get(name);
        return known != null && known.inode.id.equals(id) ? hold(known) : null;
    }

    /** The place of this name, where a file was found for which a descriptor was opened that now belongs to it. */
    EntryNode found(EntryNode directory, Name name, FileId id, int fd) {
        EntryNode entryNode;
        synchronized (this) {
            entryNode = find(directory, name, id);
            if (entryNode == null) {
                Inode inode = inodes.get(id);
                boolean opener = inode == null;
                if (opener) {
                    inode = new Inode(id, fd, descriptors);
                    inodes.put(id, inode);
                }
                inode.holders++;
                entryNode = new EntryNode(inode, opener, hold(directory), name);
                directory.entries.put(name, entryNode);
            }
        }
        if (entryNode.inode.fd != fd) {
            descriptors.close(fd);
        }
        return entryNode;
    }

    /** The place of a new file that has no name, for which a descriptor was opened that now belongs to it. */
    synchronized EntryNode unnamed(EntryNode directory, FileId id, int fd) {
        Inode inode = new Inode(id, fd, descriptors);
        inode.holders = 1;
        inodes.put(id, inode);
        return new EntryNode(inode, false, hold(directory), UNNAMED);
    }

    /** Notes that an entry was made by us for a file. If that had no name before, its place is there from now on. */
    void linked(EntryNode entryNode, EntryNode directory, Name name) {
        EntryNode left = null;
        synchronized (this) {
            if (entryNode.name.equals(UNNAMED)) {
                left = put(entryNode, directory, name);
            }
        }
        release(left);
    }

    /** Notes that an entry was renamed by us. */
    void moved(EntryNode from, Name oldName, EntryNode to, Name newName) {
        EntryNode left = null;
        synchronized (this) {
            EntryNode moved = from.entries.get(oldName);
            EntryNode replaced = to.entries.get(newName);
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

    /** Notes that two entries were exchanged by us. */
    void exchanged(EntryNode one, Name name, EntryNode other, Name otherName) {
        EntryNode left = null;
        EntryNode otherLeft = null;
        synchronized (this) {
            EntryNode first = one.entries.remove(name);
            EntryNode second = other.entries.remove(otherName);
            if (first != null) {
                left = put(first, other, otherName);
            }
            if (second != null) {
                otherLeft = put(second, one, name);
            }
        }
        release(left);
        release(otherLeft);
    }

    /** Notes where a place was found to be. */
    void relocated(EntryNode entryNode, EntryNode to, Name newName) {
        EntryNode left = null;
        synchronized (this) {
            if (entryNode.above == to && entryNode.name.equals(newName)) {
                return;
            }
            entryNode.above.entries.remove(entryNode.name, entryNode);
            left = put(entryNode, to, newName);
        }
        release(left);
    }

    /** Notes that an entry was removed by us. What takes its name later is another place. */
    synchronized void removed(EntryNode directory, Name name) {
        directory.entries.remove(name);
    }

    /** Ends a hold, if it is not the last, so that there is nothing else to end. Returns whether it has. */
    synchronized boolean releaseShared(EntryNode entryNode) {
        if (entryNode.holders == 1) {
            return false;
        }
        entryNode.holders--;
        return true;
    }

    /** Ends a hold, and what it alone held. */
    void release(EntryNode released) {
        EntryNode entryNode = released;
        while (entryNode != null) {
            Inode unused = null;
            EntryNode above = null;
            synchronized (this) {
                if (--entryNode.holders > 0) {
                    return;
                }
                above = entryNode.above;
                if (above != null) {
                    above.entries.remove(entryNode.name, entryNode);
                }
                if (--entryNode.inode.holders == 0) {
                    unused = entryNode.inode;
                    inodes.remove(unused.id, unused);
                }
            }
            if (unused != null) {
                descriptors.close(unused.fd);
            }
            entryNode = above;
        }
    }

    /**
     * Puts a place elsewhere; gives the directory that it no longer holds. Not below itself: that can only look so
     * because others have moved directories meanwhile. Then the place stays where it was, unfindable, until it is
     * looked for.
     */
    private EntryNode put(EntryNode entryNode, EntryNode to, Name newName) {
        for (EntryNode p = to; p != null; p = p.above) {
            if (p == entryNode) {
                return null;
            }
        }
        EntryNode left = entryNode.above;
        entryNode.above = hold(to);
        entryNode.name = newName;
        to.entries.put(newName, entryNode);
        return left;
    }
}
