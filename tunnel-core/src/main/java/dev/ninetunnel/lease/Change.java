package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A request that changes files, from its arrival until it has been carried out. Belongs to the owner of the granter. */
public final class Change {
    final Holder holder;
    final Object attach;
    final boolean rights;
    final List<Inode> inodes;
    final Waiter waiter;
    /** What it does to names, and has not been heard of. */
    final Set<ChangeWatch.Changed> names;
    /** The one directory that these names are in; null if there are several, or none. */
    final FileId directory;
    /** Whether what is heard of its files is taken to be its own. */
    boolean runs;
    boolean over;

    Change(Holder holder, Object attach, List<Inode> inodes, boolean rights, Set<ChangeWatch.Changed> names,
            Runnable go) {
        this.names = new HashSet<>(names);
        this.directory = names.isEmpty() ? null : onlyDirectory(names);
        this.holder = holder;
        this.attach = attach;
        this.rights = rights;
        this.inodes = inodes;
        this.waiter = new Waiter(holder, inodes, true, this::touches, go);
    }

    private static FileId onlyDirectory(Set<ChangeWatch.Changed> names) {
        Set<FileId> directories = names.stream().map(ChangeWatch.Changed::file).collect(Collectors.toSet());
        return directories.size() == 1 ? directories.iterator().next() : null;
    }

    /** Whether it waits for others. */
    public boolean waits() {
        return waiter.waits();
    }

    /** Whether it makes wrong what this lease covers. The changer knows itself what it does, but for other attaches and their rights. */
    @SuppressWarnings("ReferenceEquality")
    boolean touches(Lease lease) {
        return holder == null || lease.holder != holder || (rights && lease.attach != attach);
    }
}
