package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FileId;

/**
 * One directory and what is below, for as long as somebody holds any of it, and what that takes. Nodes of different ones
 * have nothing in common, even if a path has led to both. Any thread.
 */
final class HeldTree {
    final Descriptors descriptors;
    final Places places;
    final Lookup lookup;
    final Identity identity;
    final Entries entries;
    final Resizing resizing;
    private final Place root;
    private final long mount;

    /** Takes over the descriptor of a directory, which the first hold on the root has. */
    HeldTree(int fd, FileId id, long mount, Descriptors descriptors, Resizing resizing, Identity identity) {
        this.descriptors = descriptors;
        this.resizing = resizing;
        this.identity = identity;
        this.places = new Places(descriptors);
        this.lookup = new Lookup(places, descriptors);
        this.entries = new Entries(descriptors, places, lookup, identity,
                new Maker(identity, ProcessCalls::unshareUmask));
        this.root = places.root(id, fd);
        this.mount = mount;
    }

    /** The root, with the hold that it began with. */
    Place root() {
        return root;
    }

    /**
     * Another hold on the root, if it is this directory, reached through this mount, and held still; else null. While it is
     * held, neither number can be another's.
     */
    Place holdRoot(FileId id, long through) {
        return root.inode.id.equals(id) && mount == through ? places.holdIfHeld(root) : null;
    }
}
