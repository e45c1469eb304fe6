package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FileId;

/**
 * A file, by a descriptor that opens nothing ({@code O_PATH}) and is shared by all that know the file. As long as it is
 * held, no other file gets its number. {@link EntryTable} counts who holds it.
 */
final class Inode {
    final FileId id;
    final int fd;
    final Locks locks;
    private volatile Residence residence = Residence.UNKNOWN;
    /** Of places; guarded by {@link EntryTable}. */
    int holders;

    /** Where a file is. */
    enum Residence {
        /** Not asked yet. */
        UNKNOWN,
        /** In memory, with all that is in it. */
        MEMORY,
        /** On a disk; the attributes of what is open are in memory, and the data may be. */
        DISK,
        /** In a network, for example. Anything may have to be waited for. */
        ELSEWHERE
    }

    Inode(FileId id, int fd, Descriptors descriptors) {
        this.id = id;
        this.fd = fd;
        this.locks = new Locks(fd, descriptors);
    }

    /** Where the file is. The first time its file system is asked, which may wait. */
    Residence residence() {
        if (residence == Residence.UNKNOWN) {
            residence = FileSystems.residence(fd);
        }
        return residence;
    }

    /** Whether it is known that its attributes are in memory, for as long as its descriptor is open. */
    boolean keepsAttributes() {
        return residence == Residence.MEMORY || residence == Residence.DISK;
    }
}
