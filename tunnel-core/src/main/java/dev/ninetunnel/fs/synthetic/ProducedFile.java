package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import java.nio.ByteBuffer;

/** What a synthetic file said when it was opened; and what takes what is written to it. */
final class ProducedFile implements OpenFile {
    private final byte[] content;
    /** Null where nothing can be written. */
    private final Entry.Action action;

    ProducedFile(byte[] content, Entry.Action action) {
        this.content = content;
        this.action = action;
    }

    @Override
    public int read(long offset, ByteBuffer into) throws FsException {
        if (offset < 0) {
            throw new FsException(Errno.EINVAL);
        }
        if (offset >= content.length) {
            return 0;
        }
        int length = Math.min(into.remaining(), content.length - (int) offset);
        into.put(content, (int) offset, length);
        return length;
    }

    @Override
    public int write(long offset, ByteBuffer from) throws FsException {
        if (action == null) {
            throw new FsException(Errno.EBADF);
        }
        byte[] written = new byte[from.remaining()];
        from.get(written);
        action.take(written);
        return written.length;
    }

    @Override
    public void truncate(long size) throws FsException {
        if (action == null) {
            throw new FsException(Errno.EINVAL);
        }
    }

    @Override
    public void sync(boolean dataOnly) {
        // It is on no disk.
    }

    @Override
    public void list(long cookie, Listing listing) throws FsException {
        throw new FsException(Errno.ENOTDIR);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
