package dev.ninetunnel.fs;

import dev.ninetunnel.errno.Errno;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** A file or directory that is open. It belongs to the one that opened it. Calls on one may come from several threads. */
public interface OpenFile extends AtOnce.OfFile, AutoCloseable {
    /**
     * Reads into the buffer, from its position up to its limit, and moves the position.
     *
     * @return how many bytes; 0 at the end of the file
     */
    int read(long offset, ByteBuffer into) throws FsException;

    /**
     * Writes what the buffer holds between its position and limit, and moves the position. At the end of the file if it
     * was opened for that, whatever the offset.
     *
     * @return how many bytes, at least 1 if there were any
     */
    int write(long offset, ByteBuffer from) throws FsException;

    /** Writes the bytes of these buffers, one behind the other, by one call. Where their positions are then does not matter. */
    default int write(long offset, ByteBuffer[] pieces) throws FsException {
        return write(offset, together(pieces, ByteBuffer::allocate));
    }

    /** A copy of what these buffers hold, in one. */
    static ByteBuffer together(ByteBuffer[] pieces, IntFunction<ByteBuffer> allocate) {
        ByteBuffer whole = allocate.apply(Stream.of(pieces).mapToInt(ByteBuffer::remaining).sum());
        for (ByteBuffer piece : pieces) {
            whole.put(piece);
        }
        return whole.flip();
    }

    /**
     * Cuts or extends this file, which must be open for writing. Unlike {@link Node#change} it asks for no permission
     * again, so it is what a change of size through an open file has to use (a file of mode 0400 that its maker
     * writes).
     */
    void truncate(long size) throws FsException;

    /**
     * Allocates space of this file, which must be open for writing, or frees it (fallocate(2)).
     *
     * @param space what to do
     * @param offset in bytes
     * @param length in bytes, at least 1
     * @throws FsException EOPNOTSUPP where the tree or the disk cannot
     */
    default void allocate(Space space, long offset, long length) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    /** What becomes of a range of bytes. */
    enum Space {
        /** There is room for it, and the file reaches to its end at least. */
        ALLOCATED,
        /** The same, but the file keeps its size. */
        RESERVED,
        /** It is zeros that take no room; the file keeps its size. */
        FREED,
        /** It is zeros, and the file reaches to its end at least. */
        ZEROED,
        /** The same, but the file keeps its size. */
        ZEROED_WITHIN
    }

    /**
     * Where this file has the next data, or the next hole, from an offset on (lseek(2)). Its end is a hole.
     *
     * @throws FsException ENXIO if there are none, EOPNOTSUPP where it is not known
     */
    default long seek(boolean data, long offset) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    /**
     * Copies from another open file of the same tree into this one, which must be open for writing, without the data passing
     * through this program (copy_file_range(2)).
     *
     * @return how many bytes, at most {@code count}; 0 at the end of the other
     * @throws FsException EXDEV or EOPNOTSUPP where they have to be read and written instead
     */
    default long copyFrom(OpenFile other, long from, long offset, long count) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    /** Brings what was written to the disk; with {@code dataOnly} without such attributes as times. */
    void sync(boolean dataOnly) throws FsException;

    /**
     * Lists this directory, {@code .} and {@code ..} among the rest, from behind the entry that had this cookie (0:
     * from the start), until the listing refuses an entry or there are no more. A refused entry comes first the next
     * time. Entries that stay in the directory are seen once each, whatever is made and removed meanwhile.
     */
    void list(long cookie, Listing listing) throws FsException;

    /** Takes the entries of a directory. */
    @FunctionalInterface
    interface Listing {
        /**
         * An entry.
         *
         * @param cookie resumes exactly behind it
         * @return false if it was not taken, which ends the listing
         */
        boolean entry(byte[] name, FileId id, long cookie) throws FsException;
    }

    /**
     * Tries to lock or unlock a range for an owner; never waits.
     *
     * @return whether it was done; false if another owner holds a lock in the way
     * @throws FsException ENOLCK if there is no room for another range, EOPNOTSUPP for what cannot be locked
     */
    default boolean lock(Lock lock) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    /** The first lock of another owner (or another program) that is in the way of this one, or null; errors as for {@link #lock}. */
    default Lock conflict(Lock lock) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    /**
     * A lock on a range of bytes. Of one owner, a later one replaces what an earlier one said of the same bytes.
     *
     * @param owner compared by equals; a conflict with a program outside has an owner that equals no other
     * @param length 0: to the end, however far it grows
     * @param process the number of the process that asked, for people who look who holds it
     * @param room what the ranges of this owner count against
     * @param reading whether the owner only reads: then nothing is opened for writing to hold its locks, which would keep
     *     local programs from running the file
     */
    record Lock(Kind kind, long start, long length, Object owner, int process, LockRoom room, boolean reading) {
        /** Of an owner who may write, and lock as many ranges as it likes. */
        public Lock(Kind kind, long start, long length, Object owner, int process) {
            this(kind, start, length, owner, process, LockRoom.UNLIMITED, false);
        }

        /** Of which there are three, numbered as in 9P2000.L. */
        public enum Kind {
            READ, WRITE, UNLOCK
        }
    }

    /**
     * Leaves nothing of it that is for who may write: locks for writing are dropped, and on Linux local programs see no file
     * that is open for writing any more. What could be read through it can still be. Calls on other threads end first, unharmed.
     */
    default void stopWriting() {
        // Where nothing can be written, there is nothing to do.
    }

    /** Closes the file, and drops the locks taken through it. Calls that run on other threads end first, unharmed. */
    @Override
    void close();
}
