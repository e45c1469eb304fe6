package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.OpenFlags;
import dev.ninetunnel.linux.VectorCalls;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A descriptor that is open for reading, writing or listing, with the place that it was opened by. */
final class LinuxOpenFile implements OpenFile {
    /** Of fallocate(2) and lseek(2). */
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(LinuxOpenFile.class);

    private final HeldTree tree;
    private final Caller caller;
    private final DescriptorShare share;
    private final EntryNode entryNode;
    private final int fd;
    private final OpenHow how;
    private final DirectoryStream directory;
    private final Hold hold;
    private final CachedReads cached;
    private final boolean writesAtOnce;

    /** Takes over the hold on the place, and the descriptor, which are put down to the far side. */
    LinuxOpenFile(HeldTree tree, Caller caller, DescriptorShare share, EntryNode entryNode, int fd, OpenHow how) {
        this.tree = tree;
        this.caller = caller;
        this.share = share;
        this.entryNode = entryNode;
        this.fd = fd;
        this.how = how;
        this.directory = entryNode.inode.id.kind() == FileId.Kind.DIRECTORY
                ? new DirectoryStream(fd, entryNode.inode.id, tree.places.idAbove(entryNode))
                : null;
        this.hold = new Hold(this::free);
        share.add(1);
        tree.places.take(entryNode, share);
        this.cached = new CachedReads(fd, entryNode.inode.id.kind() == FileId.Kind.FILE
                ? entryNode.inode.residence()
                : Inode.Residence.ELSEWHERE);
        this.writesAtOnce = how.access().writes() && !how.append() && !how.sync() && caller instanceof Caller.Self
                && entryNode.inode.id.kind() == FileId.Kind.FILE
                && entryNode.inode.residence() == Inode.Residence.MEMORY;
    }

    private void free() {
        entryNode.inode.locks.dropAll(this);
        tree.descriptors.close(fd);
        share.add(-1);
        share.give(entryNode);
        tree.places.release(entryNode);
    }

    private <T> T use(ThreadCredentials.Work<T> work) throws FsException {
        hold.take();
        try {
            return work.run();
        } finally {
            hold.drop();
        }
    }

    /** To whom it is put down. */
    DescriptorShare share() {
        return share;
    }

    /** The descriptor. */
    int fd() {
        return fd;
    }

    /** The flags of open(2) for a regular file, without making it. */
    static int flags(OpenHow how) {
        int flags = OpenFlags.CLOSE_ON_EXEC | OpenFlags.NO_TERMINAL | switch (how.access()) {
            case READ -> OpenFlags.READ_ONLY;
            case WRITE -> OpenFlags.WRITE_ONLY;
            case READ_WRITE -> OpenFlags.READ_WRITE;
        };
        flags |= how.append() ? OpenFlags.APPEND : 0;
        flags |= how.truncate() ? OpenFlags.TRUNCATE : 0;
        return how.sync() ? flags | OpenFlags.SYNC : flags;
    }

    @Override
    public int read(long offset, ByteBuffer into) throws FsException {
        Check.notNegative(offset);
        return use(() -> into.isDirect() ? readDirect(offset, into) : readCopying(offset, into));
    }

    @Override
    public boolean mayReadAtOnce() {
        return cached.isWorthATry();
    }

    @Override
    public int readAtOnce(long offset, ByteBuffer into) throws FsException {
        Check.notNegative(offset);
        if (!into.isDirect()) {
            return WOULD_WAIT;
        }
        hold.take();
        try {
            return cached.read(offset, into);
        } finally {
            hold.drop();
        }
    }

    private int readDirect(long offset, ByteBuffer into) throws FsException {
        long done = Check.done(DescriptorCalls.read(fd, MemorySegment.ofBuffer(into), into.remaining(), offset));
        into.position(into.position() + (int) done);
        return (int) done;
    }

    private int readCopying(long offset, ByteBuffer into) throws FsException {
        MemorySegment block = CallMemory.ofThread().block;
        int total = 0;
        int wanted;
        int got;
        do {
            wanted = Math.min(into.remaining(), CallMemory.BLOCK);
            long result = DescriptorCalls.read(fd, block, wanted, offset + total);
            if (result < 0 && total > 0) {
                return total;
            }
            got = (int) Check.done(result);
            into.put(block.asSlice(0, got).asByteBuffer());
            total += got;
        } while (got == wanted && into.hasRemaining());
        return total;
    }

    @Override
    public int write(long offset, ByteBuffer from) throws FsException {
        long at = how.append() ? 0 : Check.notNegative(offset);
        // As the caller, since what the kernel does to set-user-ID bits and reserved space depends on who writes.
        return use(() -> tree.identity.as(caller,
                () -> from.isDirect() ? writeDirect(at, from) : writeCopying(at, from)));
    }

    @Override
    public int write(long offset, ByteBuffer[] pieces) throws FsException {
        if (pieces.length > VectorCalls.MOST_PIECES || !Stream.of(pieces).allMatch(ByteBuffer::isDirect)) {
            return write(offset, OpenFile.together(pieces, ByteBuffer::allocateDirect));
        }
        long at = how.append() ? 0 : Check.notNegative(offset);
        return use(() -> tree.identity.as(caller, () -> (int) Check.done(VectorCalls.write(fd, pieces, at))));
    }

    /**
     * Only to what is in memory. A disk may have to be waited for, and even RWF_NOWAIT (pwritev2(2)) waits as long as its file system
     * is frozen for a backup (fsfreeze(8)). Only as the user of the process, because the loop never becomes another user.
     */
    @Override
    public boolean mayWriteAtOnce() {
        return writesAtOnce;
    }

    @Override
    public int writeAtOnce(long offset, ByteBuffer[] pieces) throws FsException {
        Check.notNegative(offset);
        long begun = writesAtOnce && pieces.length <= VectorCalls.MOST_PIECES ? tree.resizing.tryWrite() : 0;
        if (begun == 0) {
            return WOULD_WAIT;
        }
        try {
            hold.take();
            try {
                return (int) Math.max(WOULD_WAIT, VectorCalls.write(fd, pieces, offset));
            } finally {
                hold.drop();
            }
        } finally {
            tree.resizing.endWrite(begun);
        }
    }

    private int writeDirect(long offset, ByteBuffer from) throws FsException {
        long done = Check.done(DescriptorCalls.write(fd, MemorySegment.ofBuffer(from), from.remaining(), offset));
        from.position(from.position() + (int) done);
        return (int) done;
    }

    private int writeCopying(long offset, ByteBuffer from) throws FsException {
        MemorySegment block = CallMemory.ofThread().block;
        int total = 0;
        int wanted;
        int done;
        do {
            wanted = Math.min(from.remaining(), CallMemory.BLOCK);
            MemorySegment.copy(MemorySegment.ofBuffer(from), 0, block, 0, wanted);
            long result = DescriptorCalls.write(fd, block, wanted, offset + total);
            if (result < 0 && total > 0) {
                return total;
            }
            done = (int) Check.done(result);
            from.position(from.position() + done);
            total += done;
        } while (done == wanted && from.hasRemaining());
        return total;
    }

    @Override
    public void truncate(long size) throws FsException {
        Check.notNegative(size);
        if (!how.access().writes()) {
            throw new FsException(Errno.EINVAL);
        }
        use(() -> tree.identity.as(caller,
                () -> Check.done(
                        tree.resizing.during(entryNode.inode.residence(), () -> DescriptorCalls.truncate(fd, size)))));
    }

    /** As the caller, as write does; the mode is that of fallocate(2). */
    @Override
    public void allocate(Space space, long offset, long length) throws FsException {
        Check.notNegative(offset);
        int mode = switch (space) {
            case ALLOCATED -> 0;
            case RESERVED -> KEEP_SIZE;
            case FREED -> PUNCH_HOLE | KEEP_SIZE;
            case ZEROED -> ZERO_RANGE;
            case ZEROED_WITHIN -> ZERO_RANGE | KEEP_SIZE;
        };
        use(() -> tree.identity.as(caller, () -> Check.done(tree.resizing.during(entryNode.inode.residence(),
                () -> DescriptorCalls.allocate(fd, mode, offset, length)))));
    }

    /** For a file the kernel's own place in it is used for nothing else: reads and writes say theirs. */
    @Override
    public long seek(boolean data, long offset) throws FsException {
        Check.notNegative(offset);
        if (directory != null) {
            throw new FsException(Errno.EISDIR);
        }
        return use(() -> Check.done(DescriptorCalls.seek(fd, offset, data ? SEEK_DATA : SEEK_HOLE)));
    }

    @Override
    public long copyFrom(OpenFile other, long from, long offset, long count) throws FsException {
        Check.notNegative(from);
        Check.notNegative(offset);
        if (!(other instanceof LinuxOpenFile source) || source.tree != tree) {
            throw new FsException(Errno.EXDEV);
        }
        return source.use(() -> use(() -> tree.identity.as(caller,
                () -> Check.done(DescriptorCalls.copy(source.fd, from, fd, offset, count)))));
    }

    @Override
    public void sync(boolean dataOnly) throws FsException {
        use(() -> Check.done(dataOnly ? DescriptorCalls.syncData(fd) : DescriptorCalls.sync(fd)));
    }

    @Override
    public void list(long cookie, Listing listing) throws FsException {
        if (directory == null) {
            throw new FsException(Errno.ENOTDIR);
        }
        use(() -> {
            directory.list(cookie, listing);
            return null;
        });
    }

    @Override
    public boolean lock(Lock lock) throws FsException {
        return use(() -> tree.identity.as(caller, () -> entryNode.inode.locks.set(this, lock)));
    }

    @Override
    public Lock conflict(Lock lock) throws FsException {
        return use(() -> entryNode.inode.locks.conflict(this, lock));
    }

    @Override
    public void stopWriting() {
        try {
            use(() -> tree.identity.as(caller, () -> {
                entryNode.inode.locks.stopWriting(this);
                if (how.access().writes()) {
                    replaceByReader();
                }
                return null;
            }));
        } catch (FsException e) {
            LOG.debug("a file that may only be read from now on stays open for writing: {}", e.getMessage());
        }
    }

    /** By one that is open for reading; by one that names the file and opens nothing, where its user may not read it. */
    private void replaceByReader() throws FsException {
        int reader;
        try {
            reader = tree.descriptors.open(() -> DescriptorCalls.reopen(fd, OpenFlags.CLOSE_ON_EXEC));
        } catch (FsException e) {
            reader = tree.descriptors
                    .open(() -> DescriptorCalls.reopen(fd, OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC));
        }
        try {
            Check.done(DescriptorCalls.replace(fd, reader));
        } finally {
            tree.descriptors.close(reader);
        }
    }

    @Override
    public void close() {
        // Not only when the last call through it has ended, which may be one that hangs.
        entryNode.inode.locks.dropAll(this);
        hold.close();
    }
}
