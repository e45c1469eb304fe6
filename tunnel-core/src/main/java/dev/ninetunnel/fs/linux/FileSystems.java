package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FsException;
import java.util.Set;

/** What kinds of file systems do, as far as it matters here. */
final class FileSystems {
    /** {@code linux/magic.h}: ext2 to ext4, XFS, Btrfs, F2FS and ZFS. */
    private static final Set<Integer> DISKS = Set.of(0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x2FC12FC1);
    /** tmpfs. */
    private static final int MEMORY = 0x01021994;

    /** ramfs and overlayfs. */
    private static final Set<Integer> OTHERS_THAT_TAKE_NAMES_AS_THEY_ARE = Set.of(0x858458F6, 0x794C7630);

    private FileSystems() {}

    /** Whether the file system takes names byte by byte, but in directories that were told to ignore case. */
    static boolean takesNamesAsTheyAre(int fd) throws FsException {
        int type = Status.spaceOf(fd).type();
        return type == MEMORY || DISKS.contains(type) || OTHERS_THAT_TAKE_NAMES_AS_THEY_ARE.contains(type);
    }

    /**
     * Where that is which a descriptor is open on. The file systems of disks and of memory keep the attributes of whatever is
     * open in memory, where one of a network may ask for them again. May itself wait for the file system.
     */
    static Inode.Residence residence(int fd) {
        try {
            int type = Status.spaceOf(fd).type();
            if (type == MEMORY) {
                return Inode.Residence.MEMORY;
            }
            return DISKS.contains(type) ? Inode.Residence.DISK : Inode.Residence.ELSEWHERE;
        } catch (FsException e) {
            // A file whose file system says nothing of itself can be read all the same.
            return Inode.Residence.ELSEWHERE;
        }
    }
}
