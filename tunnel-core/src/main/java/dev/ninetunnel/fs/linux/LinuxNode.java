package dev.ninetunnel.fs.linux;

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

/** A file of a {@link LinuxTree}, by its {@link Place}, used by one caller. */
final class LinuxNode implements Node {
    /** How often a name may be made and removed by others while we try to open or make it. */
    private static final int CREATE_ATTEMPTS = 16;

    private final LinuxTree tree;
    private final Caller caller;
    private final Place place;
    private final Inode inode;
    private final Hold hold;

    /** Takes over the hold on the place. */
    LinuxNode(LinuxTree tree, Caller caller, Place place) {
        this.tree = tree;
        this.caller = caller;
        this.place = place;
        this.inode = place.inode;
        this.hold = new Hold(() -> tree.places.release(place));
    }

    private <T> T use(Identity.Work<T> work) throws FsException {
        hold.take();
        try {
            return tree.identity.as(caller, work);
        } finally {
            hold.drop();
        }
    }

    private LinuxNode node(Place held) {
        return new LinuxNode(tree, caller, held);
    }

    @Override
    public FileId id() {
        return inode.id;
    }

    @Override
    public byte[] name() throws FsException {
        return use(() -> {
            try {
                Places.Spot spot = tree.lookup.up(place);
                tree.places.release(spot.above());
                return spot.name().bytes.clone();
            } catch (FsException _) {
                return tree.places.name(place).bytes.clone();
            }
        });
    }

    @Override
    public Attributes attributes() throws FsException {
        hold.take();
        try {
            return Status.of(inode.fd); // asks for no permission, so it does not matter as whom
        } finally {
            hold.drop();
        }
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        byte[] element = Check.walkable(name).clone();
        return node(use(() -> tree.lookup.down(place, element)));
    }

    @Override
    public Node parent() throws FsException {
        return node(use(() -> place.root ? tree.places.hold(place) : tree.lookup.up(place).above()));
    }

    @Override
    public Node duplicate() throws FsException {
        return node(use(() -> tree.places.hold(place)));
    }

    @Override
    public OpenFile open(OpenHow how) throws FsException {
        return use(() -> {
            int flags = switch (inode.id.kind()) {
                case FILE -> OpenFlags.of(fileOnly(how));
                case DIRECTORY -> directoryFlags(how);
                case SYMLINK -> throw new FsException(Errno.ELOOP);
                case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> throw new FsException(Errno.ENXIO);
            };
            int fd = tree.descriptors.open(() -> DescriptorCalls.reopen(inode.fd, flags));
            return new LinuxOpenFile(tree, caller, tree.places.hold(place), fd, how);
        });
    }

    private static OpenHow fileOnly(OpenHow how) throws FsException {
        if (how.directory()) {
            throw new FsException(Errno.ENOTDIR);
        }
        return how;
    }

    private static int directoryFlags(OpenHow how) throws FsException {
        if (how.access().writes() || how.truncate()) {
            throw new FsException(Errno.EISDIR);
        }
        return OpenFlags.READ_ONLY | OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC;
    }

    @Override
    public Created create(byte[] name, OpenHow how, int mode, int gid) throws FsException {
        byte[] element = Check.name(name).clone();
        hold.take();
        try {
            for (int i = 0; i < CREATE_ATTEMPTS; i++) {
                try {
                    return createNew(element, how, mode & 07777, gid);
                } catch (FsException e) {
                    if (how.exclusive() || e.number() != Errno.EEXIST.number()) {
                        throw e;
                    }
                }
                Node there = walkOrNull(element);
                if (there != null) {
                    return openExisting(there, how);
                }
            }
            throw new FsException(Errno.EBUSY);
        } finally {
            hold.drop();
        }
    }

    /** Makes it new or not at all, so that what lies there is never opened before it is known what it is. */
    private Created createNew(byte[] name, OpenHow how, int mode, int gid) throws FsException {
        int flags = OpenFlags.of(how) | OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.NO_FOLLOW;
        int fd = tree.descriptors.open(
                () -> makeResult(gid, () -> DescriptorCalls.openBeneath(inode.fd, name, flags, mode)));
        Place made;
        try {
            int known = tree.descriptors
                    .open(() -> DescriptorCalls.reopen(fd, OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC));
            made = tree.lookup.found(place, new Name(name), known);
            tree.maker.complete(caller, made.inode, inode, mode, gid);
        } catch (FsException e) {
            tree.descriptors.close(fd);
            throw e;
        }
        OpenFile file = new LinuxOpenFile(tree, caller, tree.places.hold(made), fd, how);
        return new Created(node(made), file);
    }

    /** What making gave, or minus the error number. */
    private int makeResult(int gid, java.util.function.IntSupplier call) {
        try {
            return tree.maker.make(caller, gid, call);
        } catch (FsException e) {
            return -e.number();
        }
    }

    private Node walkOrNull(byte[] name) throws FsException {
        try {
            return walk(name);
        } catch (FsException e) {
            if (e.number() == Errno.ENOENT.number()) {
                return null;
            }
            throw e;
        }
    }

    private static Created openExisting(Node there, OpenHow how) throws FsException {
        try {
            return new Created(there, there.open(how));
        } catch (FsException e) {
            there.close();
            throw e;
        }
    }

    @Override
    public Node makeDirectory(byte[] name, int mode, int gid) throws FsException {
        byte[] element = Check.name(name).clone();
        return make(element, mode & 07777, gid, () -> NameCalls.makeDirectory(inode.fd, element, mode & 07777));
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target, int gid) throws FsException {
        byte[] element = Check.name(name).clone();
        byte[] text = Check.text(target);
        return make(element, 0, gid, () -> NameCalls.makeSymlink(text, inode.fd, element));
    }

    @Override
    public Node makeNode(byte[] name, int mode, int major, int minor, int gid) throws FsException {
        byte[] element = Check.name(name).clone();
        long device = Status.device(major, minor);
        return make(element, mode & 07777, gid, () -> NameCalls.makeNode(inode.fd, element, mode, device));
    }

    private Node make(byte[] name, int mode, int gid, java.util.function.IntSupplier call) throws FsException {
        hold.take();
        try {
            tree.maker.make(caller, gid, call);
            Place made = tree.identity.as(caller, () -> tree.lookup.down(place, name));
            try {
                tree.maker.complete(caller, made.inode, inode, mode, gid);
            } catch (FsException e) {
                tree.places.release(made);
                throw e;
            }
            return node(made);
        } finally {
            hold.drop();
        }
    }

    @Override
    public void link(byte[] name, Node target) throws FsException {
        byte[] element = Check.name(name);
        LinuxNode file = sameTree(target);
        file.hold.take();
        try {
            use(() -> Check.done(NameCalls.link(file.inode.fd, inode.fd, element)));
        } finally {
            file.hold.drop();
        }
    }

    private LinuxNode sameTree(Node other) throws FsException {
        if (other instanceof LinuxNode n && n.tree == tree) {
            return n;
        }
        throw new FsException(Errno.EXDEV);
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException {
        byte[] from = Check.name(oldName).clone();
        LinuxNode directory = sameTree(newDirectory);
        directory.hold.take();
        try {
            use(() -> move(place, from, directory.place, Check.name(newName).clone(), 0));
        } finally {
            directory.hold.drop();
        }
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        LinuxNode directory = sameTree(newDirectory);
        directory.hold.take();
        try {
            atSpot(spot -> move(spot.above(), spot.name().bytes, directory.place, Check.name(newName).clone(), 0));
        } finally {
            directory.hold.drop();
        }
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        byte[] to = Check.name(newName).clone();
        atSpot(spot -> spot.name().equals(new Name(to))
                ? 0
                : move(spot.above(), spot.name().bytes, spot.above(), to, NameCalls.NO_REPLACE));
    }

    private int move(Place from, byte[] oldName, Place to, byte[] newName, int flags) throws FsException {
        int result = NameCalls.rename(from.inode.fd, oldName, to.inode.fd, newName, flags);
        if (result == -Errno.EINVAL.number() && flags != 0) { // the file system does not know the flag
            if (AttributeCalls.status(to.inode.fd, newName) >= 0) {
                throw new FsException(Errno.EEXIST);
            }
            result = NameCalls.rename(from.inode.fd, oldName, to.inode.fd, newName, 0);
        }
        Check.done(result);
        tree.places.moved(from, new Name(oldName), to, new Name(newName));
        return result;
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        byte[] element = Check.name(name).clone();
        use(() -> remove(place, new Name(element), directory));
    }

    @Override
    public void remove() throws FsException {
        atSpot(spot -> remove(spot.above(), spot.name(), inode.id.kind() == FileId.Kind.DIRECTORY));
    }

    private int remove(Place directory, Name name, boolean isDirectory) throws FsException {
        int flags = isDirectory ? NameCalls.REMOVE_DIRECTORY : 0;
        Check.done(NameCalls.unlink(directory.inode.fd, name.bytes, flags));
        tree.places.removed(directory, name);
        return 0;
    }

    /** What is done with the name that this file has now. */
    @FunctionalInterface
    private interface AtSpot {
        int run(Places.Spot spot) throws FsException;
    }

    private void atSpot(AtSpot work) throws FsException {
        use(() -> {
            Places.Spot spot = tree.lookup.up(place);
            try {
                return work.run(spot);
            } finally {
                tree.places.release(spot.above());
            }
        });
    }

    @Override
    public byte[] readLink() throws FsException {
        return use(() -> {
            if (inode.id.kind() != FileId.Kind.SYMLINK) {
                throw new FsException(Errno.EINVAL);
            }
            return Scratch.ofThread().fromBlock(Check.done(NameCalls.readLink(inode.fd)));
        });
    }

    @Override
    public void change(AttributeChange change) throws FsException {
        use(() -> {
            Changes.make(inode, change);
            return null;
        });
    }

    @Override
    public SpaceStatus space() throws FsException {
        return use(() -> Status.spaceOf(inode.fd));
    }

    @Override
    public byte[] attribute(byte[] name) throws FsException {
        return use(() -> ExtendedAttributes.get(inode, name));
    }

    @Override
    public byte[] attributeNames() throws FsException {
        return use(() -> ExtendedAttributes.names(inode));
    }

    @Override
    public void setAttribute(byte[] name, byte[] value, SetMode mode) throws FsException {
        use(() -> ExtendedAttributes.set(inode, name, value, mode));
    }

    @Override
    public void removeAttribute(byte[] name) throws FsException {
        use(() -> ExtendedAttributes.remove(inode, name));
    }

    @Override
    public void close() {
        hold.close();
    }
}
