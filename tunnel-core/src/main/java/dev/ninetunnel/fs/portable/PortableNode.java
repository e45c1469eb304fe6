package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.SpaceStatus;
import dev.ninetunnel.fs.Way;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** A file of a {@link PortableTree}, by its path and by what it was when it was found there. */
final class PortableNode implements Node {
    private final PortableTree tree;
    private final FileId id;
    private volatile Path path;
    private volatile Attributes last;
    private volatile boolean closed;
    private volatile boolean gone;

    PortableNode(PortableTree tree, Path path, Attributes attributes) {
        this.tree = tree;
        this.path = path;
        this.id = attributes.id();
        this.last = attributes;
    }

    /** Notes a removal of this file. */
    void removed(Path from) {
        gone |= path.equals(from);
    }

    /** Follows a rename of this file or of a directory above it. */
    void moved(Path from, Path to) {
        if (gone) {
            return;
        }
        Path here = path;
        if (here.startsWith(from)) {
            path = to.resolve(from.relativize(here));
        }
        if (here.equals(from)) {
            path = to;
        }
    }

    /** The path, if it still leads to this file. */
    private Path path() throws FsException {
        if (closed) {
            throw new FsException(Errno.EBADF);
        }
        Path here = path;
        tree.within(here);
        FileId there = Failures.translate(() -> FileStatus.id(here));
        if (gone || !there.equals(id)) {
            throw new FsException(Errno.ESTALE);
        }
        return here;
    }

    private Path child(byte[] name) throws FsException {
        return child(name, Errno.EINVAL);
    }

    private Path child(byte[] name, Errno otherwise) throws FsException {
        Path child = Names.child(path(), name, otherwise);
        if (id.kind() != FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR);
        }
        return child;
    }

    @Override
    public FileId id() {
        return id;
    }

    @Override
    public byte[] name() {
        Path here = path;
        return tree.isRoot(here) ? new byte[0] : Names.bytes(here.getFileName());
    }

    /** Of a file that is no longer where it was, what was known last. */
    @Override
    public Attributes attributes() throws FsException {
        try {
            Path here = path();
            last = Failures.translate(() -> FileStatus.attributes(here));
            return last;
        } catch (FsException e) {
            if (e.number() == Errno.ENOENT.number() || e.number() == Errno.ESTALE.number()) {
                return removed(last);
            }
            throw e;
        }
    }

    private static Attributes removed(Attributes a) {
        return new Attributes(a.id(), a.mode(), a.uid(), a.gid(), 0, a.deviceNumber(), a.size(), a.blockSize(),
                a.blocks(), a.access(), a.modification(), a.change(), a.birth());
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        return tree.node(child(name, Errno.ENOENT));
    }

    @Override
    public Node parent() throws FsException {
        Path here = path();
        return tree.node(tree.isRoot(here) ? here : here.getParent());
    }

    @Override
    public Way way() throws FsException {
        return gone ? Way.NOWHERE : tree.way(path());
    }

    @Override
    public Optional<byte[]> spelling(byte[] name) throws FsException {
        if (id.kind() != FileId.Kind.DIRECTORY) {
            return Optional.empty();
        }
        Path child = child(name, Errno.ENOENT);
        return Failures.translate(() -> PortableSpelling.of(child)).map(Names::bytes);
    }

    @Override
    public Node duplicate() throws FsException {
        return tree.node(path());
    }

    @Override
    public OpenFile open(OpenHow how) throws FsException {
        Path here = path();
        if (how.directory() && id.kind() != FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR);
        }
        return switch (id.kind()) {
            case FILE -> PortableFile.open(tree, id, here, how);
            case DIRECTORY -> {
                if (how.access().writes() || how.truncate()) {
                    throw new FsException(Errno.EISDIR);
                }
                yield PortableEntries.open(tree, here, id);
            }
            case SYMLINK -> throw new FsException(Errno.ELOOP);
            case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> throw new FsException(Errno.ENXIO);
        };
    }

    @Override
    public Created create(byte[] name, OpenHow how, int mode, int gid) throws FsException {
        Path child = child(name);
        OpenFile file;
        try {
            file = PortableFile.create(tree, child, how, mode);
        } catch (FsException e) {
            if (how.exclusive() || e.number() != Errno.EEXIST.number()) {
                throw e;
            }
            Node there = tree.node(child);
            if (there.id().kind() == FileId.Kind.DIRECTORY) {
                throw new FsException(Errno.EISDIR); // as open(2) says of O_CREAT, even for reading
            }
            return new Created(there, there.open(how));
        }
        return new Created(tree.node(child), file);
    }

    @Override
    public Node makeDirectory(byte[] name, int mode, int gid) throws FsException {
        Path child = child(name);
        Failures.translate(() -> Files.createDirectory(child));
        PortableChanges.mode(child, mode);
        return tree.node(child);
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target, int gid) throws FsException {
        Path child = child(name);
        String to = Names.text(target);
        if (to.isEmpty()) {
            throw new FsException(Errno.ENOENT);
        }
        Failures.translate(() -> Files.createSymbolicLink(child, child.getFileSystem().getPath(to)));
        return tree.node(child);
    }

    @Override
    public Node makeNode(byte[] name, int mode, int major, int minor, int gid) throws FsException {
        if (FileId.Kind.ofMode(mode) != FileId.Kind.FILE) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
        OpenHow exclusive = new OpenHow(OpenHow.Access.WRITE, false, false, true, false, false);
        Created made = create(name, exclusive, mode & 07777, gid);
        made.file().close();
        return made.node();
    }

    @Override
    public void link(byte[] name, Node target) throws FsException {
        Path child = child(name);
        PortableNode file = sameTree(target);
        if (file.id.kind() == FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.EPERM);
        }
        Path there = file.path();
        Failures.translate(() -> Files.createLink(child, there));
    }

    private PortableNode sameTree(Node other) throws FsException {
        if (other instanceof PortableNode n && n.tree == tree) {
            return n;
        }
        throw new FsException(Errno.EXDEV);
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException {
        move(child(oldName), sameTree(newDirectory).child(newName));
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        move(notRoot(path()), sameTree(newDirectory).child(newName));
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        Path here = notRoot(path());
        Path to = Names.child(here.getParent(), newName, Errno.EINVAL);
        if (to.equals(here)) {
            return;
        }
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FsException(Errno.EEXIST);
        }
        move(here, to);
    }

    private void move(Path from, Path to) throws FsException {
        boolean sameFile = Failures.translate(() -> {
            boolean same = Files.exists(to, LinkOption.NOFOLLOW_LINKS)
                    && FileStatus.id(from).equals(FileStatus.id(to));
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return same;
        });
        if (!sameFile) { // rename(2) does nothing between two names of one file
            tree.moved(from, to);
        }
    }

    private Path notRoot(Path here) throws FsException {
        if (tree.isRoot(here)) {
            throw new FsException(Errno.EBUSY);
        }
        return here;
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        Path child = child(name);
        boolean isDirectory = Failures.translate(() -> FileStatus.id(child)).kind() == FileId.Kind.DIRECTORY;
        if (isDirectory != directory) {
            throw new FsException(directory ? Errno.ENOTDIR : Errno.EISDIR);
        }
        delete(child);
    }

    @Override
    public void remove() throws FsException {
        delete(notRoot(path()));
    }

    private void delete(Path target) throws FsException {
        Failures.translate(() -> {
            Files.delete(target);
            return null;
        });
        tree.removed(target);
    }

    @Override
    public byte[] readLink() throws FsException {
        Path here = path();
        return Names.bytes(Failures.translate(() -> Files.readSymbolicLink(here)));
    }

    @Override
    public void change(AttributeChange change) throws FsException {
        PortableChanges.make(path(), id.kind(), change);
    }

    @Override
    public SpaceStatus space() throws FsException {
        Path here = path();
        return Failures.translate(() -> PortableChanges.space(here));
    }

    @Override
    public byte[] attribute(byte[] name) throws FsException {
        return UserAttributes.of(path()).get(name);
    }

    @Override
    public byte[] attributeNames() throws FsException {
        return UserAttributes.of(path()).names();
    }

    @Override
    public void setAttribute(byte[] name, byte[] value, SetMode mode) throws FsException {
        UserAttributes.of(path()).set(name, value, mode);
    }

    @Override
    public void removeAttribute(byte[] name) throws FsException {
        UserAttributes.of(path()).remove(name);
    }

    @Override
    public void close() {
        closed = true;
        tree.closed(this);
    }
}
