package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** A regular file that is open. Writes to its end are kept apart from one another here, not from other programs'. */
final class PortableFile implements OpenFile {
    private final PortableTree tree;
    private final FileId id;
    private final FileChannel channel;
    private final OpenHow how;

    private PortableFile(PortableTree tree, FileId id, FileChannel channel, OpenHow how) {
        this.tree = tree;
        this.id = id;
        this.channel = channel;
        this.how = how;
    }

    static PortableFile open(PortableTree tree, FileId id, Path path, OpenHow how) throws FsException {
        return new PortableFile(tree, id, Failures.translate(() -> FileChannel.open(path, options(how))), how);
    }

    /** Makes it new, or fails with EEXIST. */
    static PortableFile create(PortableTree tree, Path path, OpenHow how, int mode) throws FsException {
        Set<OpenOption> options = options(how);
        options.add(StandardOpenOption.CREATE_NEW);
        options.add(StandardOpenOption.WRITE);
        FileChannel channel = Failures.translate(() -> FileChannel.open(path, options));
        try {
            PortableChanges.mode(path, mode);
            return new PortableFile(tree, Failures.translate(() -> FileStatus.id(path)), channel, how);
        } catch (FsException e) {
            Failures.translate(() -> {
                channel.close();
                return null;
            });
            throw e;
        }
    }

    private static Set<OpenOption> options(OpenHow how) {
        Set<OpenOption> options = new HashSet<>();
        options.add(LinkOption.NOFOLLOW_LINKS);
        if (how.access().reads()) {
            options.add(StandardOpenOption.READ);
        }
        if (how.access().writes()) {
            options.add(StandardOpenOption.WRITE);
        }
        if (how.truncate()) {
            options.add(StandardOpenOption.WRITE);
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        if (how.sync()) {
            options.add(StandardOpenOption.SYNC);
        }
        return options;
    }

    private static void notNegative(long offset) throws FsException {
        if (offset < 0) {
            throw new FsException(Errno.EINVAL);
        }
    }

    @Override
    public int read(long offset, ByteBuffer into) throws FsException {
        notNegative(offset);
        if (!how.access().reads()) {
            throw new FsException(Errno.EBADF);
        }
        return Math.max(0, Failures.translate(() -> channel.read(into, offset)));
    }

    @Override
    public int write(long offset, ByteBuffer from) throws FsException {
        writable(Errno.EBADF);
        if (how.append()) {
            synchronized (channel) {
                return Failures.translate(() -> channel.write(from, channel.size()));
            }
        }
        notNegative(offset);
        return Failures.translate(() -> channel.write(from, offset));
    }

    private void writable(Errno otherwise) throws FsException {
        if (!how.access().writes()) {
            throw new FsException(otherwise);
        }
    }

    @Override
    public void truncate(long size) throws FsException {
        notNegative(size);
        writable(Errno.EINVAL);
        Failures.translate(() -> {
            PortableChanges.size(channel, size);
            return null;
        });
    }

    @Override
    public void sync(boolean dataOnly) throws FsException {
        Failures.translate(() -> {
            channel.force(!dataOnly);
            return null;
        });
    }

    @Override
    public void list(long cookie, Listing listing) throws FsException {
        throw new FsException(Errno.ENOTDIR);
    }

    @Override
    public boolean lock(Lock lock) throws FsException {
        return tree.locks.set(id, this, lock);
    }

    @Override
    public Lock conflict(Lock lock) throws FsException {
        return tree.locks.conflict(id, lock);
    }

    @Override
    public void stopWriting() {
        tree.locks.stopWriting(id, this);
    }

    @Override
    public void close() {
        tree.locks.dropAll(id, this);
        try {
            channel.close();
        } catch (IOException _) {
            // What was written before is not lost by it, and sync tells what is.
        }
    }
}
