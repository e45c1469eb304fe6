package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FileId;

/**
 * A file, by a descriptor that opens nothing ({@code O_PATH}) and is shared by all that know the file. As long as it is
 * held, no other file gets its number. {@link Places} counts who holds it.
 */
final class Inode {
    final FileId id;
    final int fd;
    final Locks locks;
    /** Where its attributes are, for as long as its descriptor is open. */
    volatile Residence attributes = Residence.UNKNOWN;
    /** Of places; guarded by {@link Places}. */
    int holders;

    /** Where attributes are. */
    enum Residence {
        UNKNOWN, MEMORY, ELSEWHERE
    }

    Inode(FileId id, int fd, Descriptors descriptors) {
        this.id = id;
        this.fd = fd;
        this.locks = new Locks(fd, descriptors);
    }
}
