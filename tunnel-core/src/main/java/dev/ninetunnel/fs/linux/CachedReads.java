package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.VectorCalls;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Reads from an open file what is in memory, and never waits for a disk. Where that has failed, the next reads are better
 * not tried, twice as many each time, so that a file that comes from the disk does not pay for it. Used by one thread.
 *
 * <p>A file of tmpfs is memory and read as it is; a page that the system has put into swap is waited for, as any memory
 * of this process may be.
 */
final class CachedReads {
    private static final int MOST_PASSED = 64;

    private final int fd;
    private Inode.Residence residence;
    private int toPass;
    private int nextPass = 1;

    CachedReads(int fd, Inode.Residence residence) {
        this.fd = fd;
        this.residence = residence;
    }

    /** Whether the next read is worth a try. It counts as tried if not. */
    boolean isWorthATry() {
        return switch (residence) {
            case MEMORY -> true;
            case DISK -> toPass == 0 || toPass-- == 0;
            case UNKNOWN, ELSEWHERE -> false;
        };
    }

    /** As {@link OpenFile#readAtOnce}. The buffer is outside the heap. */
    int read(long offset, ByteBuffer into) {
        MemorySegment memory = MemorySegment.ofBuffer(into);
        long got = residence == Inode.Residence.MEMORY
                ? DescriptorCalls.read(fd, memory, into.remaining(), offset)
                : readDisk(memory, offset);
        if (got < 0) {
            return OpenFile.WOULD_WAIT;
        }
        into.position(into.position() + (int) got);
        return (int) got;
    }

    private long readDisk(MemorySegment into, long offset) {
        long wanted = into.byteSize();
        long got = VectorCalls.readCached(fd, into, wanted, offset);
        if (got > 0 && got < wanted) {
            // The file ends there, or what is in memory does.
            long more = VectorCalls.readCached(fd, into.asSlice(got), wanted - got, offset + got);
            got = more == 0 ? got : Math.min(more, -Errno.EAGAIN.number());
        }
        if (got >= 0) {
            nextPass = 1;
        } else if (got == -Errno.EAGAIN.number()) {
            toPass = nextPass;
            nextPass = Math.min(2 * nextPass, MOST_PASSED);
        } else {
            residence = Inode.Residence.ELSEWHERE;
        }
        return got;
    }
}
