package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.linux.ProcessCalls;

/**
 * One directory and what is below, for as long as somebody holds any of it, and what that takes. Nodes of different ones
 * have nothing in common, even if a path has led to both. Any thread.
 */
final class HeldTree {
    final Descriptors descriptors;
    final EntryTable places;
    final Lookup lookup;
    final ThreadCredentials identity;
    final Entries entries;
    final Resizing resizing;
    private final EntryNode root;
    private final long mount;

    /** Takes over the descriptor of a directory, which the first hold on the root has. */
    HeldTree(int fd, FileId id, long mount, Descriptors descriptors, Resizing resizing,
            ThreadCredentials threadCredentials) {
        this.descriptors = descriptors;
        this.resizing = resizing;
        this.identity = threadCredentials;
        this.places = new EntryTable(descriptors);
        this.lookup = new Lookup(places, descriptors);
        this.entries = new Entries(descriptors, places, lookup, threadCredentials,
                new Maker(threadCredentials, ProcessCalls::unshareUmask));
        this.root = places.root(id, fd);
        this.mount = mount;
    }

    /** The root, with the hold that it began with. */
    EntryNode root() {
        return root;
    }

    /**
     * Another hold on the root, if it is this directory, reached through this mount, and held still; else null. While it is
     * held, neither number can be another's.
     */
    EntryNode holdRoot(FileId id, long through) {
        return root.inode.id.equals(id) && mount == through ? places.holdIfHeld(root) : null;
    }
}
