package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory that is open. Its entries are read whole when a listing starts from the beginning; a cookie is an entry's
 * number in that list, counted from 1.
 */
final class PortableDirectory implements OpenFile {
    private static final byte[] SELF = {'.'};
    private static final byte[] ABOVE = {'.', '.'};
    private static final int DOTS = 2;

    private final PortableTree tree;
    private final Path path;
    private final FileId id;
    private final FileId above;
    private List<Path> entries;

    PortableDirectory(PortableTree tree, Path path, FileId id) throws FsException {
        this.tree = tree;
        this.path = path;
        this.id = id;
        this.above = tree.isRoot(path) ? id : Failures.translate(() -> FileStatus.id(path.getParent()));
        this.entries = read();
    }

    private List<Path> read() throws FsException {
        tree.within(path);
        return Failures.translate(() -> {
            List<Path> all = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
                stream.forEach(all::add);
            }
            return all;
        });
    }

    @Override
    public synchronized void list(long cookie, Listing listing) throws FsException {
        if (cookie == 0) {
            entries = read();
        }
        if (cookie < 0) {
            throw new FsException(Errno.EINVAL);
        }
        for (long at = cookie; at < entries.size() + DOTS; at++) {
            if (at == 0) {
                if (!listing.entry(SELF, id, 1)) {
                    return;
                }
            } else if (at == 1) {
                if (!listing.entry(ABOVE, above, DOTS)) {
                    return;
                }
            } else if (!offer(entries.get((int) at - DOTS), at + 1, listing)) {
                return;
            }
        }
    }

    /** What has gone meanwhile is left out. */
    private static boolean offer(Path entry, long cookie, Listing listing) throws FsException {
        FileId entryId;
        try {
            entryId = FileStatus.id(entry);
        } catch (IOException _) {
            return true;
        }
        return listing.entry(Names.bytes(entry.getFileName()), entryId, cookie);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws FsException {
        throw new FsException(Errno.EISDIR);
    }

    @Override
    public int write(long offset, ByteBuffer from) throws FsException {
        throw new FsException(Errno.EBADF);
    }

    @Override
    public void truncate(long size) throws FsException {
        throw new FsException(Errno.EINVAL);
    }

    @Override
    public void sync(boolean dataOnly) {
        // There is no call for it in java.nio; what was made in the directory is as safe as the system makes it.
    }

    @Override
    public void close() {
        // Nothing of the system's is held.
    }
}
