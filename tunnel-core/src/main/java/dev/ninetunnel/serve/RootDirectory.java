package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.SpaceStatus;
import dev.ninetunnel.wire.Text;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory that lists the exported directories, where there are several. Nothing can be changed in it. An export whose
 * directory is gone is still listed, as what its name leads to, but cannot be walked to.
 */
final class RootDirectory implements Node {
    /** A device number that no file system has. */
    static final FileId ID = new FileId(-1, 0, FileId.Kind.DIRECTORY);

    private static final Attributes ATTRIBUTES = new Attributes(ID, FileId.Kind.DIRECTORY.bits() | 0555, 0, 0, 2, 0, 0,
            4096, 0, Attributes.Time.UNKNOWN, Attributes.Time.UNKNOWN, Attributes.Time.UNKNOWN,
            Attributes.Time.UNKNOWN);

    private final Exports exports;
    private final Caller caller;

    RootDirectory(Exports exports, Caller caller) {
        this.exports = exports;
        this.caller = caller;
    }

    @Override
    public FileId id() {
        return ID;
    }

    @Override
    public byte[] name() {
        return new byte[0];
    }

    @Override
    public Attributes attributes() {
        return ATTRIBUTES;
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        ExportedTree tree = exports.tree(Text.of(name));
        if (tree == null) {
            throw new FsException(Errno.ENOENT);
        }
        return tree.tree().root(caller);
    }

    @Override
    public Node parent() {
        return this;
    }

    @Override
    public Node duplicate() {
        return this;
    }

    @Override
    public OpenFile open(OpenHow how) throws FsException {
        if (how.access().writes()) {
            throw new FsException(Errno.EISDIR);
        }
        return new Entries();
    }

    private record Entry(Text name, FileId id) {}

    /** The directory, open: a list made at its opening. */
    private final class Entries implements OpenFile {
        private final List<Entry> entries = new ArrayList<>();

        Entries() {
            entries.add(new Entry(Text.of("."), ID));
            entries.add(new Entry(Text.of(".."), ID));
            for (ExportedTree tree : exports.trees()) {
                try (Node root = tree.tree().root(caller)) {
                    entries.add(new Entry(tree.name(), root.id()));
                } catch (FsException e) {
                    // It has vanished, or may not be entered; then it is not there to be seen.
                }
            }
        }

        @Override
        public void list(long cookie, Listing listing) throws FsException {
            for (long at = Math.max(cookie, 0); at < entries.size(); at++) {
                Entry entry = entries.get((int) at);
                if (!listing.entry(entry.name.bytes(), entry.id, at + 1)) {
                    return;
                }
            }
        }

        @Override
        public int read(long offset, ByteBuffer into) throws FsException {
            throw new FsException(Errno.EISDIR);
        }

        @Override
        public int write(long offset, ByteBuffer from) throws FsException {
            throw new FsException(Errno.EISDIR);
        }

        @Override
        public void truncate(long size) throws FsException {
            throw new FsException(Errno.EISDIR);
        }

        @Override
        public void sync(boolean dataOnly) {
            // There is nothing on a disk.
        }

        @Override
        public boolean lock(Lock lock) throws FsException {
            throw new FsException(Errno.EISDIR);
        }

        @Override
        public Lock conflict(Lock lock) throws FsException {
            throw new FsException(Errno.EISDIR);
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    @Override
    public Created create(byte[] name, OpenHow how, int mode, int gid) throws FsException {
        throw fixed();
    }

    @Override
    public Node makeDirectory(byte[] name, int mode, int gid) throws FsException {
        throw fixed();
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target, int gid) throws FsException {
        throw fixed();
    }

    @Override
    public Node makeNode(byte[] name, int mode, int major, int minor, int gid) throws FsException {
        throw fixed();
    }

    @Override
    public void link(byte[] name, Node target) throws FsException {
        throw fixed();
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException {
        throw fixed();
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        throw fixed();
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        throw fixed();
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        throw fixed();
    }

    @Override
    public void remove() throws FsException {
        throw fixed();
    }

    @Override
    public byte[] readLink() throws FsException {
        throw new FsException(Errno.EINVAL);
    }

    @Override
    public void change(AttributeChange change) throws FsException {
        throw fixed();
    }

    @Override
    public SpaceStatus space() {
        return new SpaceStatus(0x01021997, 4096, 0, 0, 0, 0, 0, 0, 255);
    }

    @Override
    public byte[] attribute(byte[] name) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    @Override
    public byte[] attributeNames() {
        return new byte[0];
    }

    @Override
    public void setAttribute(byte[] name, byte[] value, SetMode mode) throws FsException {
        throw fixed();
    }

    @Override
    public void removeAttribute(byte[] name) throws FsException {
        throw fixed();
    }

    private static FsException fixed() {
        return new FsException(Errno.EROFS);
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
