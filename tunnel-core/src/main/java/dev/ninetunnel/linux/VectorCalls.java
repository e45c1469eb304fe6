package dev.ninetunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * System calls on several pieces of memory at a time (preadv2(2), pwritev2(2)). What is negative is an error number. Any
 * thread.
 */
public final class VectorCalls {
    /** {@code UIO_MAXIOV}: the most pieces of a call. */
    public static final int MOST_PIECES = 1024;

    /** {@code linux/fs.h}: fails with EAGAIN instead of waiting for a disk. */
    private static final long NO_WAIT = 0x08;
    /** {@code struct iovec}, in bytes. */
    private static final int PIECE = 16;

    private VectorCalls() {}

    /** Reads what is in memory already: less than there is, or EAGAIN, where more would have to be waited for. */
    public static long readCached(int fd, MemorySegment into, long length, long offset) {
        CallMemory s = CallMemory.ofThread();
        s.struct.set(JAVA_LONG, 0, into.address());
        s.struct.set(JAVA_LONG, 8, length);
        return call(Syscall.PREADV2, s, fd, s.struct, 1, offset, NO_WAIT);
    }

    /** Writes what lies in these buffers outside the heap, of which there are at most {@link #MOST_PIECES}. */
    public static long write(int fd, ByteBuffer[] pieces, long offset) {
        CallMemory s = CallMemory.ofThread();
        for (int i = 0; i < pieces.length; i++) {
            s.block.set(JAVA_LONG, (long) i * PIECE, MemorySegment.ofBuffer(pieces[i]).address());
            s.block.set(JAVA_LONG, (long) i * PIECE + 8, pieces[i].remaining());
        }
        return call(Syscall.PWRITEV2, s, fd, s.block, pieces.length, offset, 0);
    }

    /** The offset is one argument on machines of 64 bits; the one behind it is for others. */
    private static long call(Syscall how, CallMemory s, long fd, MemorySegment vector, long count, long offset,
            long flags) {
        return how.call(s, fd, vector.address(), count, offset, 0, flags);
    }
}
