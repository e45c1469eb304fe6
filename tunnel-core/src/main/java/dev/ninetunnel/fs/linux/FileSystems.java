package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FsException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file systems that a tree goes over, as far as it has been asked for their kind. One of a disk or of memory keeps the
 * attributes of whatever is open in memory, where one of a network may ask for them again. Any thread.
 */
final class FileSystems {
    /** {@code linux/magic.h}: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs, and ZFS. */
    private static final Set<Integer> KEEP_INODES = Set.of(0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994,
            0x2FC12FC1);

    private final Map<Long, Boolean> byDevice = new ConcurrentHashMap<>();

    /** Whether statx(2) on this file's descriptor is answered from memory. May wait for the file system the first time. */
    boolean keepsInodes(Inode inode) throws FsException {
        Boolean known = byDevice.get(inode.id.device());
        if (known == null) {
            known = KEEP_INODES.contains(Status.spaceOf(inode.fd).type());
            byDevice.put(inode.id.device(), known);
        }
        return known;
    }
}
