package dev.ninetunnel.fs.linux;

import java.util.HashMap;
import java.util.Map;

/**
 * An entry of a directory that somebody knows: where a file was found, and where our own renames have moved it since.
 * All nodes that walked the same way share one, so each sees where the others moved it. Others may have moved the file
 * too; {@link Lookup} finds out. A place holds its file and the place above it. Guarded by {@link EntryTable}, but for
 * what is final.
 */
final class EntryNode {
    final Inode inode;
    /** Whether the file's descriptor was opened by this name, so that the kernel tells where that very name is now. */
    final boolean opener;
    final boolean root;
    /** Null for the root alone. */
    EntryNode above;
    Name name;
    int holders = 1;
    /** Those of the places in this directory by which a name there is to be found. */
    final Map<Name, EntryNode> entries = new HashMap<>(0);

    EntryNode(Inode inode, boolean opener, EntryNode above, Name name) {
        this.inode = inode;
        this.opener = opener;
        this.root = above == null;
        this.above = above;
        this.name = name;
    }
}
