package dev.ninetunnel.fs;

import java.nio.ByteBuffer;

/**
 * What an event loop may do with a file itself, as it takes nothing but memory: no disk, network or lock is waited for. A
 * backend that has none of it leaves it out, and workers do all. By one thread only.
 */
public final class AtOnce {
    private AtOnce() {}

    /** Of a node. */
    public interface OfNode {
        /** Whether {@link Node#attributes} is answered from memory now. */
        default boolean answersAtOnce() {
            return false;
        }

        /** Closes it if that can be done so; where no other call is under way. Returns whether it is closed. */
        default boolean closedAtOnce() {
            return false;
        }
    }

    /** Of an open file. */
    public interface OfFile {
        /** What {@link #readAtOnce} and {@link #writeAtOnce} give where they would have to wait. */
        int WOULD_WAIT = -1;

        /** Whether {@link #readAtOnce} is worth a try now. */
        default boolean mayReadAtOnce() {
            return false;
        }

        /**
         * Reads like {@link OpenFile#read}, but only what is in memory.
         *
         * @return {@link #WOULD_WAIT}, with the position unmoved, if not all of it is there or anything else is in the way
         */
        default int readAtOnce(long offset, ByteBuffer into) throws FsException {
            return WOULD_WAIT;
        }

        /** Whether {@link #writeAtOnce} is worth a try. */
        default boolean mayWriteAtOnce() {
            return false;
        }

        /**
         * Writes like {@link OpenFile#write(long, ByteBuffer[])}, where the file is used as the user of this process.
         *
         * @param pieces buffers outside the heap
         * @return {@link #WOULD_WAIT}, with nothing written, if anything is in the way; an error is, too
         */
        default int writeAtOnce(long offset, ByteBuffer[] pieces) throws FsException {
            return WOULD_WAIT;
        }
    }
}
