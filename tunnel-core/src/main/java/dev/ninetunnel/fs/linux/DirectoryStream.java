package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile.Listing;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Lists an open directory by getdents64(2), with the file system's own cookies ({@code d_off}). A portion that was read
 * and not yet handed out is kept for a listing that goes on where the last one ended; any other seeks. Any thread; one
 * listing at a time, others wait.
 *
 * <p>An entry is {@code d_ino[8] d_off[8] d_reclen[2] d_type[1] d_name[]}, the name ending with a NUL.
 */
final class DirectoryStream {
    private static final int PORTION = 32768;
    private static final long NOWHERE = Long.MIN_VALUE;
    private static final int HEADER = 19;
    private static final byte[] SELF = {'.'};
    private static final byte[] ABOVE = {'.', '.'};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final int fd;
    private final FileId here;
    private final FileId above;
    /** What was read and not handed out. */
    private ByteBuffer pending = NOTHING;
    /** Where the pending entries begin. */
    private long position;

    /** Of a directory that is this, in the directory that is that (or the same, if nothing above it is to be seen). */
    DirectoryStream(int fd, FileId here, FileId above) {
        this.fd = fd;
        this.here = here;
        this.above = above;
    }

    synchronized void list(long cookie, Listing listing) throws FsException {
        if (cookie == 0 || cookie != position) {
            pending = NOTHING;
            position = NOWHERE;
            Check.done(DescriptorCalls.seek(fd, cookie));
            position = cookie;
        }
        while (pending.hasRemaining() || refill()) {
            int start = pending.position();
            int length = pending.getShort(start + 16) & 0xffff;
            long next = pending.getLong(start + 8);
            byte[] name = name(start, length);
            if (!listing.entry(name, id(start, name), next)) {
                return;
            }
            pending.position(start + length);
            position = next;
        }
    }

    private boolean refill() throws FsException {
        int length = Check.done(DescriptorCalls.entries(fd, PORTION));
        byte[] bytes = new byte[length];
        MemorySegment.copy(CallMemory.ofThread().block, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
        pending = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return length > 0;
    }

    private byte[] name(int start, int length) {
        int from = start + HEADER;
        int end = from;
        while (end < start + length && pending.get(end) != 0) {
            end++;
        }
        return Arrays.copyOfRange(pending.array(), from, end);
    }

    /** What is above is what the tree says: for its root, itself. */
    private FileId id(int start, byte[] name) {
        if (Arrays.equals(name, SELF)) {
            return here;
        }
        if (Arrays.equals(name, ABOVE)) {
            return above;
        }
        int type = pending.get(start + 18);
        FileId.Kind kind = type == 0 ? looked(name) : FileId.Kind.ofMode(type << 12);
        return new FileId(here.device(), pending.getLong(start), kind);
    }

    /** For file systems that do not say in a directory what its entries are. */
    private FileId.Kind looked(byte[] name) {
        try {
            return Status.idOf(fd, name).kind();
        } catch (FsException _) {
            return FileId.Kind.FILE;
        }
    }
}
