package dev.ninetunnel.fs.synthetic;

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

/** A file of a mounted tree: all is done by that tree, but what is above its root is the synthetic directory. */
final class MountedNode implements Node {
    private final SyntheticTree tree;
    private final Caller caller;
    private final Item.Mounted mount;
    private final Node inner;

    /** Takes over the node. */
    MountedNode(SyntheticTree tree, Caller caller, Item.Mounted mount, Node inner) {
        this.tree = tree;
        this.caller = caller;
        this.mount = mount;
        this.inner = inner;
    }

    private MountedNode around(Node other) {
        return new MountedNode(tree, caller, mount, other);
    }

    private Node within(Node other) throws FsException {
        if (other instanceof MountedNode m && m.tree == tree && m.mount.id().equals(mount.id())) {
            return m.inner;
        }
        throw new FsException(Errno.EXDEV);
    }

    /** A tree's root has no name of its own. */
    private boolean isTop() throws FsException {
        return inner.name().length == 0;
    }

    private void notTop() throws FsException {
        if (isTop()) {
            throw new FsException(Errno.EBUSY);
        }
    }

    @Override
    public FileId id() {
        return inner.id();
    }

    @Override
    public byte[] name() throws FsException {
        return isTop() ? mount.nameBytes() : inner.name();
    }

    @Override
    public Attributes attributes() throws FsException {
        return inner.attributes();
    }

    @Override
    public boolean answersAtOnce() {
        return inner.answersAtOnce();
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        return around(inner.walk(name));
    }

    @Override
    public Node parent() throws FsException {
        return isTop() ? new SyntheticNode(tree, caller, mount.above()) : around(inner.parent());
    }

    @Override
    public Node duplicate() throws FsException {
        return around(inner.duplicate());
    }

    @Override
    public OpenFile open(OpenHow how) throws FsException {
        return inner.open(how);
    }

    @Override
    public Created create(byte[] name, OpenHow how, int mode, int gid) throws FsException {
        Created made = inner.create(name, how, mode, gid);
        return new Created(around(made.node()), made.file());
    }

    @Override
    public Node makeDirectory(byte[] name, int mode, int gid) throws FsException {
        return around(inner.makeDirectory(name, mode, gid));
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target, int gid) throws FsException {
        return around(inner.makeSymlink(name, target, gid));
    }

    @Override
    public Node makeNode(byte[] name, int mode, int major, int minor, int gid) throws FsException {
        return around(inner.makeNode(name, mode, major, minor, gid));
    }

    @Override
    public void link(byte[] name, Node target) throws FsException {
        inner.link(name, within(target));
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException {
        inner.rename(oldName, within(newDirectory), newName);
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        notTop();
        inner.renameTo(within(newDirectory), newName);
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        notTop();
        inner.renameHere(newName);
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        inner.unlink(name, directory);
    }

    @Override
    public void remove() throws FsException {
        notTop();
        inner.remove();
    }

    @Override
    public byte[] readLink() throws FsException {
        return inner.readLink();
    }

    @Override
    public void change(AttributeChange change) throws FsException {
        inner.change(change);
    }

    @Override
    public SpaceStatus space() throws FsException {
        return inner.space();
    }

    @Override
    public byte[] attribute(byte[] name) throws FsException {
        return inner.attribute(name);
    }

    @Override
    public byte[] attributeNames() throws FsException {
        return inner.attributeNames();
    }

    @Override
    public void setAttribute(byte[] name, byte[] value, SetMode mode) throws FsException {
        inner.setAttribute(name, value, mode);
    }

    @Override
    public void removeAttribute(byte[] name) throws FsException {
        inner.removeAttribute(name);
    }

    @Override
    public boolean closedAtOnce() {
        return inner.closedAtOnce();
    }

    @Override
    public void close() {
        inner.close();
    }
}
