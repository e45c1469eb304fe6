package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.filter.ForwardingNode;

/** A file of a mounted tree: all is done by that tree, but what is above its root is the synthetic directory. */
final class MountedNode extends ForwardingNode {
    private final SyntheticTree tree;
    private final Caller caller;
    private final Item.Mounted mount;

    /** Takes over the node. */
    MountedNode(SyntheticTree tree, Caller caller, Item.Mounted mount, Node inner) {
        super(inner);
        this.tree = tree;
        this.caller = caller;
        this.mount = mount;
    }

    @Override
    protected MountedNode around(Node other) {
        return new MountedNode(tree, caller, mount, other);
    }

    @Override
    protected Node within(Node other) throws FsException {
        if (other instanceof MountedNode m && m.tree == tree && m.mount.id().equals(mount.id())) {
            return m.inner();
        }
        throw new FsException(Errno.EXDEV);
    }

    /** A tree's root has no name of its own. */
    private boolean isTop() throws FsException {
        return inner().name().length == 0;
    }

    private void notTop() throws FsException {
        if (isTop()) {
            throw new FsException(Errno.EBUSY);
        }
    }

    @Override
    public byte[] name() throws FsException {
        return isTop() ? mount.nameBytes() : super.name();
    }

    @Override
    public Node parent() throws FsException {
        return isTop() ? new SyntheticNode(tree, caller, mount.above()) : super.parent();
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        notTop();
        super.renameTo(newDirectory, newName);
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        notTop();
        super.renameHere(newName);
    }

    @Override
    public void remove() throws FsException {
        notTop();
        super.remove();
    }
}
