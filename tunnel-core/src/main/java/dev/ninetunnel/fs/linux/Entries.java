package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.linux.AttributeCalls;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.NameCalls;
import dev.ninetunnel.linux.OpenFlags;
import java.util.function.IntSupplier;

/**
 * Makes, moves and removes entries of directories, and keeps {@link EntryTable} informed. Names have been checked. Any
 * thread; making acts as the caller that it is given, the rest as the user that the thread acts as.
 */
final class Entries {
    /** What a directory calls itself. */
    private static final byte[] ITSELF = {'.'};

    private final Descriptors descriptors;
    private final EntryTable entryTable;
    private final Lookup lookup;
    private final ThreadCredentials threadCredentials;
    private final Maker maker;

    Entries(Descriptors descriptors, EntryTable entryTable, Lookup lookup, ThreadCredentials threadCredentials,
            Maker maker) {
        this.descriptors = descriptors;
        this.entryTable = entryTable;
        this.lookup = lookup;
        this.threadCredentials = threadCredentials;
        this.maker = maker;
    }

    /** A file that was made, held for the caller, and its descriptor, which is the caller's too. */
    record Opened(EntryNode place, int fd) {}

    /**
     * Makes a file and opens it. It is new, or the call fails: so what lies there is never opened before it is known
     * what it is.
     */
    Opened create(Caller caller, EntryNode directory, byte[] name, OpenHow how, int mode, int gid) throws FsException {
        int flags = LinuxOpenFile.flags(how) | OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.NO_FOLLOW;
        IntSupplier open = () -> DescriptorCalls.openBeneath(directory.inode.fd, name, flags, mode);
        int fd = descriptors.open(() -> maker.make(caller, gid, open));
        EntryNode made = null;
        try {
            int known = descriptors.open(() -> DescriptorCalls.reopen(fd, OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC));
            made = lookup.found(directory, new Name(name), known);
            maker.complete(caller, made.inode, directory.inode, mode, gid);
            return new Opened(made, fd);
        } catch (FsException e) {
            entryTable.release(made);
            descriptors.close(fd);
            throw e;
        }
    }

    /** Makes a file that has no name, and opens it. */
    Opened createUnnamed(Caller caller, EntryNode directory, OpenHow how, int mode, int gid) throws FsException {
        int flags = LinuxOpenFile.flags(how) | OpenFlags.WITHOUT_NAME | (how.exclusive() ? OpenFlags.EXCLUSIVE : 0);
        IntSupplier open = () -> DescriptorCalls.openBeneath(directory.inode.fd, ITSELF, flags, mode);
        int fd = descriptors.open(() -> maker.make(caller, gid, open));
        EntryNode made = null;
        try {
            int known = descriptors.open(() -> DescriptorCalls.reopen(fd, OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC));
            made = entryTable.unnamed(directory, Status.idOf(fd), known);
            maker.complete(caller, made.inode, directory.inode, mode, gid);
            return new Opened(made, fd);
        } catch (FsException e) {
            entryTable.release(made);
            descriptors.close(fd);
            throw e;
        }
    }

    /** Makes something else by this call, and finds it. */
    EntryNode make(Caller caller, EntryNode directory, byte[] name, int mode, int gid, IntSupplier call)
            throws FsException {
        Check.done(maker.make(caller, gid, call));
        EntryNode made = threadCredentials.as(caller, () -> lookup.down(directory, name));
        try {
            maker.completeFound(caller, made.inode, directory.inode, mode, gid);
            return made;
        } catch (FsException e) {
            entryTable.release(made);
            throw e;
        }
    }

    /** Gives a file a further name. */
    void link(EntryNode file, EntryNode directory, byte[] name) throws FsException {
        Check.done(NameCalls.link(file.inode.fd, directory.inode.fd, name));
        entryTable.linked(file, directory, new Name(name));
    }

    /** Renames, replacing what rename(2) replaces. */
    void move(EntryNode from, byte[] name, EntryNode to, byte[] newName) throws FsException {
        Check.done(NameCalls.rename(from.inode.fd, name, to.inode.fd, newName, 0));
        entryTable.moved(from, new Name(name), to, new Name(newName));
    }

    /** Renames, replacing nothing (EEXIST). */
    void moveToFree(EntryNode from, byte[] name, EntryNode to, byte[] newName) throws FsException {
        Check.done(NameCalls.rename(from.inode.fd, name, to.inode.fd, newName, NameCalls.NO_REPLACE));
        entryTable.moved(from, new Name(name), to, new Name(newName));
    }

    /** Has two entries take each other's place. */
    void exchange(EntryNode from, byte[] name, EntryNode to, byte[] newName) throws FsException {
        Check.done(NameCalls.rename(from.inode.fd, name, to.inode.fd, newName, NameCalls.EXCHANGE));
        entryTable.exchanged(from, new Name(name), to, new Name(newName));
    }

    /** Renames within a directory, replacing nothing. */
    void moveHere(EntryNode directory, byte[] name, byte[] newName) throws FsException {
        int fd = directory.inode.fd;
        int result = NameCalls.rename(fd, name, fd, newName, NameCalls.NO_REPLACE);
        if (result == -Errno.EINVAL.number()) { // the file system does not know the flag
            result = AttributeCalls.status(fd, newName) >= 0
                    ? -Errno.EEXIST.number()
                    : NameCalls.rename(fd, name, fd, newName, 0);
        }
        Check.done(result);
        entryTable.moved(directory, new Name(name), directory, new Name(newName));
    }

    void remove(EntryNode directory, Name name, boolean isDirectory) throws FsException {
        int flags = isDirectory ? NameCalls.REMOVE_DIRECTORY : 0;
        Check.done(NameCalls.unlink(directory.inode.fd, name.bytes, flags));
        entryTable.removed(directory, name);
    }
}
