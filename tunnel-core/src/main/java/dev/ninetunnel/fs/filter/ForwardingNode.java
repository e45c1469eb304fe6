package dev.ninetunnel.fs.filter;

import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.SpaceStatus;
import dev.ninetunnel.fs.Way;
import java.util.Optional;

/** A file of a tree that shows another one: all is done there, but what a subclass does otherwise. */
public abstract class ForwardingNode implements Node {
    private final Node inner;

    /** Takes over the node. */
    public ForwardingNode(Node inner) {
        this.inner = inner;
    }

    /** The node of the tree below. */
    public final Node inner() {
        return inner;
    }

    /** The node of this tree for one of the tree below, which it takes over. */
    protected abstract Node around(Node other);

    /** The node of the tree below that is in one of this tree; EXDEV if that is of another. */
    protected abstract Node within(Node other) throws FsException;

    @Override
    public FileId id() {
        return inner.id();
    }

    @Override
    public byte[] name() throws FsException {
        return inner.name();
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
    public boolean watch(ChangeWatch by) throws FsException {
        return inner.watch(by);
    }

    @Override
    public void unwatch(ChangeWatch by) {
        inner.unwatch(by);
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        return around(inner.walk(name));
    }

    @Override
    public Node parent() throws FsException {
        return around(inner.parent());
    }

    @Override
    public Way way() throws FsException {
        return inner.way();
    }

    @Override
    public void requireShown() throws FsException {
        inner.requireShown();
    }

    @Override
    public Optional<byte[]> spelling(byte[] name) throws FsException {
        return inner.spelling(name);
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
    public Created createUnnamed(OpenHow how, int mode, int gid) throws FsException {
        Created made = inner.createUnnamed(how, mode, gid);
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
    public void rename(byte[] oldName, Node newDirectory, byte[] newName, Occupied other) throws FsException {
        inner.rename(oldName, within(newDirectory), newName, other);
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        inner.renameTo(within(newDirectory), newName);
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        inner.renameHere(newName);
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        inner.unlink(name, directory);
    }

    @Override
    public void remove() throws FsException {
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
