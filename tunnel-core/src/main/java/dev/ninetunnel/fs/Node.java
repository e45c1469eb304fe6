package dev.ninetunnel.fs;

import dev.ninetunnel.errno.Errno;
import java.util.Optional;

/**
 * A file of any kind, held by its inode and not by a path: renames and removals by anybody leave it what it is.
 * Symbolic links are never followed, and nothing here leads out of the tree that the node came from. Each node that is
 * handed out belongs to the caller, which closes it; that closes no open file and no other node.
 *
 * <p>A name is one element, of bytes. A backend refuses those that are empty, {@code .}, {@code ..}, or hold a slash or
 * NUL (EINVAL for making, ENOENT for walking).
 */
public interface Node extends AtOnce.OfNode, AutoCloseable {
    /** What the file is, without asking the disk where that can be helped. */
    FileId id();

    /** The name by which it is known in its directory now, as far as can be told; empty for the root. */
    byte[] name() throws FsException;

    /** All its attributes; for a file that has been removed too. */
    Attributes attributes() throws FsException;

    /**
     * Has changes of the file told, where those by all programs of this host can be: not where it lies in a network, or is made
     * up by a program. On a worker.
     *
     * @return whether they are told from now on, until {@link #unwatch}
     */
    default boolean watch(ChangeWatch by) throws FsException {
        return false;
    }

    /** Ends what {@link #watch} has begun. */
    default void unwatch(ChangeWatch by) {
        // Where nothing is watched, nothing ends.
    }

    /** The entry of this name in this directory. */
    Node walk(byte[] name) throws FsException;

    /**
     * The directory that this file or directory is in; that of the tree's root is the root itself. ESTALE if it is no
     * longer anywhere in the tree.
     */
    Node parent() throws FsException;

    /**
     * The way to it as it is now, each step looked at; {@link Way#NOWHERE} if the file has been removed, or the tree is one
     * in which nothing moves.
     *
     * @throws FsException ESTALE if it is no longer anywhere in the tree
     */
    default Way way() throws FsException {
        return Way.NOWHERE;
    }

    /** Refuses (ESTALE) what is hidden by now, itself or a directory above it. May block. */
    default void requireShown() throws FsException {
        // Nothing is hidden here.
    }

    /**
     * How this directory itself spells the name of an entry, where other spellings of it lead there, too: other letters in
     * upper case, or a short name. Empty where each name leads to nothing but itself, and where there is no such entry.
     */
    default Optional<byte[]> spelling(byte[] name) throws FsException {
        return Optional.empty();
    }

    /** Another hold on the same file. */
    Node duplicate() throws FsException;

    /**
     * Opens the file, or the directory for listing. What is neither is not opened: ELOOP for a symbolic link, ENXIO for
     * fifos, sockets and devices, which belong to the machine that uses them and not to the one that serves them.
     */
    OpenFile open(OpenHow how) throws FsException;

    /**
     * Makes a regular file in this directory and opens it; opens the one that is there, if {@code how} is not
     * exclusive. EISDIR if that is a directory.
     *
     * @param mode permission bits, 07777, that it gets exactly (no umask)
     * @param gid its group, or -1 for what the file system gives it
     */
    Created create(byte[] name, OpenHow how, int mode, int gid) throws FsException;

    /**
     * Makes a regular file without a name on the disk of this directory, and opens it (open(2), O_TMPFILE). {@link #link} may give
     * it one; else it ends with the last close.
     *
     * @param mode permission bits, 07777
     * @param gid its group, or -1 for what the file system gives it
     * @throws FsException EOPNOTSUPP where there is no such thing
     */
    default Created createUnnamed(OpenHow how, int mode, int gid) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    /** A new file, and the same one open. */
    record Created(Node node, OpenFile file) {}

    /** Makes a directory in this directory. */
    Node makeDirectory(byte[] name, int mode, int gid) throws FsException;

    /** Makes a symbolic link in this directory. */
    Node makeSymlink(byte[] name, byte[] target, int gid) throws FsException;

    /** Makes a fifo, socket, device or empty file; {@code mode} has the type bits as in stat(2). */
    Node makeNode(byte[] name, int mode, int major, int minor, int gid) throws FsException;

    /** Makes a further name in this directory for a file of the same tree. */
    void link(byte[] name, Node target) throws FsException;

    /** Moves an entry of this directory to a directory of the same tree, replacing what rename(2) replaces. */
    void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException;

    /** What becomes of an entry that a rename comes upon. */
    enum Occupied {
        /** It is replaced, where rename(2) would. */
        REPLACED,
        /** It stays, and the rename fails (EEXIST). */
        KEPT,
        /** It takes the other's place, and has to be there (ENOENT). */
        EXCHANGED
    }

    /**
     * Moves an entry as {@link #rename(byte[], Node, byte[])}, in one step whatever becomes of the other (renameat2(2)).
     *
     * @throws FsException EOPNOTSUPP where the tree, or EINVAL where the disk, can but replace
     */
    default void rename(byte[] oldName, Node newDirectory, byte[] newName, Occupied other) throws FsException {
        if (other != Occupied.REPLACED) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
        rename(oldName, newDirectory, newName);
    }

    /**
     * Moves this file, by the name it is known by, to a directory of the same tree, replacing what rename(2) replaces.
     */
    void renameTo(Node newDirectory, byte[] newName) throws FsException;

    /** Gives this file another name in the directory it is in; EEXIST if there is an entry of that name (Twstat). */
    void renameHere(byte[] newName) throws FsException;

    /** Removes an entry of this directory: a directory if {@code directory}, else anything but one. */
    void unlink(byte[] name, boolean directory) throws FsException;

    /** Removes this file, by the name it is known by. */
    void remove() throws FsException;

    /** Where this symbolic link points to. */
    byte[] readLink() throws FsException;

    /** Changes what the change names, and nothing else. */
    void change(AttributeChange change) throws FsException;

    /** Space and limits of the file system that it is on. */
    SpaceStatus space() throws FsException;

    /**
     * The value of an extended attribute; ENODATA where it has none of the name, EOPNOTSUPP where there can be none.
     */
    byte[] attribute(byte[] name) throws FsException;

    /** The names of its extended attributes, each followed by a NUL, as listxattr(2) gives them. */
    byte[] attributeNames() throws FsException;

    /** Sets an extended attribute. */
    void setAttribute(byte[] name, byte[] value, SetMode mode) throws FsException;

    /** Removes an extended attribute. */
    void removeAttribute(byte[] name) throws FsException;

    /** Whether an extended attribute may or must be there already. */
    enum SetMode {
        ANY, CREATE, REPLACE
    }

    /** Lets go of the file. Calls that run on other threads end first, unharmed; later ones fail with EBADF. */
    @Override
    void close();
}
