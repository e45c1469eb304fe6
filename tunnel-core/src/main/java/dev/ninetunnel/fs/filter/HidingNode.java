package dev.ninetunnel.fs.filter;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.Way;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A file of a {@link HidingTree}: all is done by the tree below, but for names that are hidden. */
final class HidingNode extends ForwardingNode {
    private final HidingTree tree;

    /** Takes over the node. */
    HidingNode(HidingTree tree, Node inner) {
        super(inner);
        this.tree = tree;
    }

    @Override
    protected HidingNode around(Node other) {
        return new HidingNode(tree, other);
    }

    @Override
    protected Node within(Node other) throws FsException {
        return ofSameTree(other).inner();
    }

    private HidingNode ofSameTree(Node other) throws FsException {
        if (other instanceof HidingNode h && h.tree == tree) {
            return h;
        }
        throw new FsException(Errno.EXDEV);
    }

    /** A name of what is there in this directory. */
    private byte[] shown(byte[] name) throws FsException {
        return unless(hides(name), name, Errno.ENOENT);
    }

    /** A name for something new in this directory. */
    private byte[] free(byte[] name) throws FsException {
        return unless(hides(name) || (tree.hidesInAnyCase(name) && ignoresCase()), name, Errno.EPERM);
    }

    /** By the name itself, or by the directory's spelling of it. */
    private boolean hides(byte[] name) throws FsException {
        if (!tree.hidesAny()) {
            return false;
        }
        if (tree.hides(name)) {
            return true;
        }
        Optional<byte[]> spelling = inner().spelling(name);
        return spelling.isPresent() && (tree.hidesInAnyCase(name) || tree.hidesInAnyCase(spelling.get()));
    }

    private boolean ignoresCase() throws FsException {
        try (OpenFile file = inner().open(OpenHow.READ)) {
            return ignoresCase(inner(), file);
        }
    }

    /** As its first entry with a letter in its name shows. Without any, it does not matter. */
    private static boolean ignoresCase(Node directory, OpenFile file) throws FsException {
        boolean[] ignores = new boolean[1];
        file.list(0, (name, id, cookie) -> {
            boolean tells = new String(name, StandardCharsets.UTF_8).codePoints().anyMatch(Character::isLetter);
            if (tells) {
                ignores[0] = directory.spelling(name).isPresent();
            }
            return !tells;
        });
        return ignores[0];
    }

    private static byte[] unless(boolean hidden, byte[] name, Errno otherwise) throws FsException {
        if (hidden) {
            throw new FsException(otherwise);
        }
        return name;
    }

    /** That a local program has not given this file a hidden name since it was walked to. */
    private void stillShown() throws FsException {
        unless(tree.hides(name()), name(), Errno.ENOENT);
    }

    @Override
    public void requireShown() throws FsException {
        if (!tree.hidesAny()) {
            return;
        }
        Way way;
        try {
            way = super.way();
        } catch (FsException _) {
            return; // it is not in the tree any more, and has no name there
        }
        requireShown(way);
    }

    private void requireShown(Way way) throws FsException {
        for (byte[] name : way.names()) {
            unless(tree.hides(name), name, Errno.ESTALE);
        }
    }

    /** Through no name that is hidden: to what has got one since, or is below such a directory, there is no way. */
    @Override
    public Way way() throws FsException {
        Way way = super.way();
        requireShown(way);
        return way;
    }

    @Override
    public OpenFile open(OpenHow how) throws FsException {
        OpenFile file = super.open(how);
        return id().kind() == FileId.Kind.DIRECTORY ? listing(inner(), file) : file;
    }

    /** What lists a directory without what is hidden. */
    private HidingListing listing(Node directory, OpenFile file) throws FsException {
        try {
            // Where nothing is hidden yet, there is nothing to look for; what may be hidden later is so in any case.
            return new HidingListing(tree, file, !tree.hidesAny() || ignoresCase(directory, file));
        } catch (FsException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        stillShown();
        super.renameTo(newDirectory, ofSameTree(newDirectory).free(newName));
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        stillShown();
        try (HidingNode above = around(inner().parent())) {
            super.renameHere(above.free(newName));
        }
    }

    @Override
    public void remove() throws FsException {
        stillShown();
        super.remove();
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        return super.walk(shown(name));
    }

    @Override
    public Created create(byte[] name, OpenHow how, int mode, int gid) throws FsException {
        return super.create(free(name), how, mode, gid);
    }

    @Override
    public Node makeDirectory(byte[] name, int mode, int gid) throws FsException {
        return super.makeDirectory(free(name), mode, gid);
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target, int gid) throws FsException {
        return super.makeSymlink(free(name), target, gid);
    }

    @Override
    public Node makeNode(byte[] name, int mode, int major, int minor, int gid) throws FsException {
        return super.makeNode(free(name), mode, major, minor, gid);
    }

    @Override
    public void link(byte[] name, Node target) throws FsException {
        super.link(free(name), target);
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException {
        HidingNode to = ofSameTree(newDirectory);
        super.rename(shown(oldName), to, to.free(newName));
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName, Occupied other) throws FsException {
        HidingNode to = ofSameTree(newDirectory);
        super.rename(shown(oldName), to, other == Occupied.EXCHANGED ? to.shown(newName) : to.free(newName), other);
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        super.unlink(shown(name), directory);
    }
}
