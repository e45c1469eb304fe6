package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FsException;
import java.util.Set;

/** What kinds of file systems do, as far as it matters here. */
final class FileSystems {
    /** {@code linux/magic.h}: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs, and ZFS. */
    private static final Set<Integer> KEEP_INODES = Set.of(0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994,
            0x2FC12FC1);

    private FileSystems() {}

    /**
     * Whether the file system that a descriptor is on keeps in memory the attributes of whatever is open, as those of disks and
     * of memory do, where one of a network may ask for them again. May itself wait for the file system.
     */
    static boolean keepsInodes(int fd) {
        try {
            return KEEP_INODES.contains(Status.spaceOf(fd).type());
        } catch (FsException e) {
            // A file whose file system says nothing of itself has attributes all the same.
            return false;
        }
    }
}
