package dev.ninetunnel.lease;

import dev.ninetunnel.fs.FileId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The files of which anything is leased, asked or changed. Belongs to the owner of the granter. */
final class Files {
    private final Map<FileId, Inode> inodes = new HashMap<>();
    private final Executor background;

    /** Of none yet; those that are not used any more are closed in the background. */
    Files(Executor background) {
        this.background = background;
    }

    boolean isEmpty() {
        return inodes.isEmpty();
    }

    /** They change while each is seen to. */
    List<Inode> all() {
        return List.copyOf(inodes.values());
    }

    Inode of(FileId id) {
        return inodes.computeIfAbsent(id, Inode::new);
    }

    List<Inode> of(Collection<FileId> ids) {
        return ids.size() == 1
                ? List.of(of(ids.iterator().next()))
                : ids.stream().distinct().map(this::of).toList();
    }

    /** Null if nothing is leased, asked or changed of it. */
    Inode known(FileId id) {
        return inodes.get(id);
    }

    boolean isExclusiveToAnother(Holder holder, FileId id) {
        Inode inode = known(id);
        return inode != null && inode.isExclusiveToAnother(holder);
    }

    List<FileId> exclusiveToOthers(Holder holder) {
        return inodes.values().stream().filter(inode -> inode.isExclusiveToAnother(holder)).map(inode -> inode.id)
                .toList();
    }

    void tidy(Inode inode) {
        if (inode.isUnused() && inodes.remove(inode.id, inode)) {
            inode.hold.close(background);
        }
    }

    /** None is kept any more. */
    void close() {
        inodes.values().forEach(inode -> inode.hold.close(background));
    }
}
