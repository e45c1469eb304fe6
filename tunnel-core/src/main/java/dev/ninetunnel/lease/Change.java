package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A request that changes files, from its arrival until it has been carried out. Belongs to the owner of the granter. */
public final class Change {
    final Holder holder;
    final Object attach;
    final boolean rights;
    final Runnable go;
    final List<Inode> inodes = new ArrayList<>(2);
    /** What it does to names, and has not been heard of. */
    final Set<ChangeWatch.Changed> names;
    /** The one directory that these names are in; null if there are several, or none. */
    final FileId directory;
    boolean waits;
    boolean over;

    Change(Holder holder, Object attach, boolean rights, Set<ChangeWatch.Changed> names, Runnable go) {
        this.names = new HashSet<>(names);
        Set<FileId> directories = names.stream().map(ChangeWatch.Changed::file).collect(Collectors.toSet());
        this.directory = directories.size() == 1 ? directories.iterator().next() : null;
        this.holder = holder;
        this.attach = attach;
        this.rights = rights;
        this.go = go;
    }

    /** Whether it makes wrong what this lease covers. The changer knows itself what it does, but for other attaches and their rights. */
    @SuppressWarnings("ReferenceEquality")
    boolean touches(Lease lease) {
        return holder == null || lease.holder != holder || (rights && lease.attach != attach);
    }
}
