package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.NumberedDirectory;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.SpaceStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A directory or file of a {@link SyntheticTree}. */
final class SyntheticNode implements Node {
    /** {@code V9FS_MAGIC} of linux/magic.h. */
    private static final int TYPE = 0x01021997;
    private static final int BLOCK = 4096;
    private static final int SECTOR = 512;
    private static final int NAME_LENGTH = 255;

    private final SyntheticTree tree;
    private final Caller caller;
    private final Item item;

    SyntheticNode(SyntheticTree tree, Caller caller, Item item) {
        this.tree = tree;
        this.caller = caller;
        this.item = item;
    }

    @Override
    public FileId id() {
        return item.id();
    }

    @Override
    public byte[] name() {
        return item.nameBytes();
    }

    /** The size of a file is that of what it would say now. */
    @Override
    public Attributes attributes() {
        Attributes.Time time = tree.timeOf(item);
        long size = switch (item) {
            case Item.File f -> f.content().get().length;
            case Item.Command c -> c.content().get().length;
            case Item.Mounted _,Item.Directory _ -> 0;
        };
        int mode = item.id().kind().bits() | switch (item) {
            case Item.File _ -> 0444;
            case Item.Command _ -> 0644;
            case Item.Mounted _,Item.Directory _ -> 0555;
        };
        int links = item instanceof Item.Directory ? 2 : 1;
        return new Attributes(item.id(), mode, 0, 0, links, 0, size, BLOCK, (size + SECTOR - 1) / SECTOR, time, time,
                time, time);
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        if (!(item instanceof Item.Directory d)) {
            throw new FsException(Errno.ENOTDIR);
        }
        // Bytes that are no UTF-8 become replacement characters, which no name here has.
        Item found = tree.entries(d).get(new String(name, StandardCharsets.UTF_8));
        return switch (found) {
            case null -> throw new FsException(Errno.ENOENT);
            case Item.Mounted m -> m.tree().root(caller);
            case Item.File f -> new SyntheticNode(tree, caller, f);
            case Item.Command c -> new SyntheticNode(tree, caller, c);
            case Item.Directory below -> new SyntheticNode(tree, caller, below);
        };
    }

    @Override
    public Node parent() {
        return new SyntheticNode(tree, caller, item.above() == null ? item : item.above());
    }

    @Override
    public Node duplicate() {
        return new SyntheticNode(tree, caller, item);
    }

    @Override
    public OpenFile open(OpenHow how) throws FsException {
        if (!(item instanceof Item.Directory) && how.directory()) {
            throw new FsException(Errno.ENOTDIR);
        }
        if (item instanceof Item.Command c) {
            return new ProducedFile(c.content().get(), how.access().writes() ? c.action() : null);
        }
        if (how.access().writes() || how.truncate()) {
            throw new FsException(item instanceof Item.Directory ? Errno.EISDIR : Errno.EROFS);
        }
        return switch (item) {
            case Item.File f -> new ProducedFile(f.content().get(), null);
            case Item.Directory d -> new NumberedDirectory(d.id(), (d.above() == null ? d : d.above()).id(),
                    new SyntheticEntries(List.copyOf(tree.entries(d).values()), caller));
            case Item.Command _,Item.Mounted _ -> throw new IllegalStateException("not opened here: " + item.name());
        };
    }

    private FsException refused() {
        return new FsException(item instanceof Item.Directory ? Errno.EROFS : Errno.ENOTDIR);
    }

    @Override
    public Created create(byte[] name, OpenHow how, int mode, int gid) throws FsException {
        throw refused();
    }

    @Override
    public Node makeDirectory(byte[] name, int mode, int gid) throws FsException {
        throw refused();
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target, int gid) throws FsException {
        throw refused();
    }

    @Override
    public Node makeNode(byte[] name, int mode, int major, int minor, int gid) throws FsException {
        throw refused();
    }

    @Override
    public void link(byte[] name, Node target) throws FsException {
        throw refused();
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException {
        throw refused();
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        throw new FsException(Errno.EROFS);
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        throw new FsException(Errno.EROFS);
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        throw refused();
    }

    @Override
    public void remove() throws FsException {
        throw new FsException(item.above() == null ? Errno.EBUSY : Errno.EROFS);
    }

    @Override
    public byte[] readLink() throws FsException {
        throw new FsException(Errno.EINVAL);
    }

    @Override
    public void change(AttributeChange change) throws FsException {
        // A writer has it cut to nothing first (rule S14); times cannot be set here.
        if (!(item instanceof Item.Command) && !change.equals(AttributeChange.NONE)) {
            throw new FsException(Errno.EROFS);
        }
    }

    @Override
    public SpaceStatus space() {
        return new SpaceStatus(TYPE, BLOCK, 0, 0, 0, 0, 0, 0, NAME_LENGTH);
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
        throw new FsException(Errno.EOPNOTSUPP);
    }

    @Override
    public void removeAttribute(byte[] name) throws FsException {
        throw new FsException(Errno.EOPNOTSUPP);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
