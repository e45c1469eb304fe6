package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.SpaceStatus;
import dev.ninetunnel.fs.Way;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.NameCalls;
import dev.ninetunnel.linux.OpenFlags;
import java.util.Optional;
import java.util.function.IntSupplier;

/** A file of a {@link LinuxTree}, by its {@link EntryNode}, used by one caller. */
final class LinuxNode implements Node {
    /** How often a name may be made and removed by others while we try to open or make it. */
    private static final int CREATE_ATTEMPTS = 16;

    private final HeldTree tree;
    private final Caller caller;
    private final DescriptorShare share;
    private final EntryNode entryNode;
    private final Inode inode;
    private final Hold hold;

    /** Takes over the hold on the place, which is put down to the far side. */
    LinuxNode(HeldTree tree, Caller caller, DescriptorShare share, EntryNode entryNode) {
        this.tree = tree;
        this.caller = caller;
        this.share = share;
        this.entryNode = entryNode;
        this.inode = entryNode.inode;
        this.hold = new Hold(this::free);
        tree.places.take(entryNode, share);
    }

    private void free() {
        share.give(entryNode);
        tree.places.release(entryNode);
    }

    private <T> T use(ThreadCredentials.Work<T> work) throws FsException {
        hold.take();
        try {
            return tree.identity.as(caller, work);
        } finally {
            hold.drop();
        }
    }

    /** What is done and gives nothing. */
    @FunctionalInterface
    private interface Task {
        void run() throws FsException;
    }

    private void run(Task task) throws FsException {
        use(() -> {
            task.run();
            return null;
        });
    }

    private LinuxNode node(EntryNode held) {
        return new LinuxNode(tree, caller, share, held);
    }

    @Override
    public FileId id() {
        return inode.id;
    }

    @Override
    public byte[] name() throws FsException {
        return use(() -> {
            try {
                EntryTable.Spot spot = tree.lookup.up(entryNode);
                tree.places.release(spot.above());
                return spot.name().bytes.clone();
            } catch (FsException _) {
                return tree.places.name(entryNode).bytes.clone();
            }
        });
    }

    @Override
    public Attributes attributes() throws FsException {
        hold.take();
        try {
            Attributes attributes = Status.of(inode.fd); // asks for no permission, so it does not matter as whom
            inode.residence();
            return attributes;
        } finally {
            hold.drop();
        }
    }

    @Override
    public boolean answersAtOnce() {
        return inode.keepsAttributes();
    }

    /** The kernel sees what is done on disks and in memory; a network has other hosts, and FUSE and /proc have minds of their own. */
    @Override
    public boolean watch(ChangeWatch by) throws FsException {
        hold.take();
        try {
            return switch (inode.residence()) {
                case MEMORY, DISK -> by.add(inode.id, inode.fd);
                case ELSEWHERE, UNKNOWN -> false;
            };
        } finally {
            hold.drop();
        }
    }

    @Override
    public void unwatch(ChangeWatch by) {
        by.remove(inode.id, inode.fd);
    }

    @Override
    public Node walk(byte[] name) throws FsException {
        byte[] element = Check.walkable(name).clone();
        tree.descriptors.permit(share);
        return node(use(() -> tree.lookup.down(entryNode, element)));
    }

    @Override
    public Node parent() throws FsException {
        return node(use(() -> entryNode.root ? tree.places.hold(entryNode) : tree.lookup.up(entryNode).above()));
    }

    @Override
    public Way way() throws FsException {
        return use(() -> tree.lookup.way(entryNode));
    }

    @Override
    public Optional<byte[]> spelling(byte[] name) throws FsException {
        byte[] element = Check.walkable(name).clone();
        return use(() -> Spelling.of(tree, entryNode, element));
    }

    @Override
    public Node duplicate() throws FsException {
        return node(use(() -> tree.places.hold(entryNode)));
    }

    @Override
    public OpenFile open(OpenHow how) throws FsException {
        if (how.directory() && inode.id.kind() != FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR);
        }
        tree.descriptors.permit(share);
        return use(() -> {
            int flags = switch (inode.id.kind()) {
                case FILE -> LinuxOpenFile.flags(how);
                case DIRECTORY -> directoryFlags(how);
                case SYMLINK -> throw new FsException(Errno.ELOOP);
                case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> throw new FsException(Errno.ENXIO);
            };
            IntSupplier open = () -> DescriptorCalls.reopen(inode.fd, flags);
            int fd = tree.descriptors.open(how.truncate() ? () -> tree.resizing.during(inode.residence(), open) : open);
            return new LinuxOpenFile(tree, caller, share, tree.places.hold(entryNode), fd, how);
        });
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
        tree.descriptors.permit(share);
        hold.take();
        try {
            for (int i = 0; i < CREATE_ATTEMPTS; i++) {
                try {
                    Entries.Opened made = tree.entries.create(caller, entryNode, element, how, mode & 07777, gid);
                    OpenFile file = new LinuxOpenFile(tree, caller, share, tree.places.hold(made.place()), made.fd(),
                            how);
                    return new Created(node(made.place()), file);
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

    @Override
    public Created createUnnamed(OpenHow how, int mode, int gid) throws FsException {
        tree.descriptors.permit(share);
        hold.take();
        try {
            Entries.Opened made = tree.entries.createUnnamed(caller, entryNode, how, mode & 07777, gid);
            OpenFile file = new LinuxOpenFile(tree, caller, share, tree.places.hold(made.place()), made.fd(), how);
            return new Created(node(made.place()), file);
        } finally {
            hold.drop();
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
            if (there.id().kind() == FileId.Kind.DIRECTORY) {
                throw new FsException(Errno.EISDIR); // as open(2) says of O_CREAT, even for reading
            }
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

    private Node make(byte[] name, int mode, int gid, IntSupplier call) throws FsException {
        hold.take();
        try {
            return node(tree.entries.make(caller, entryNode, name, mode, gid, call));
        } finally {
            hold.drop();
        }
    }

    @Override
    public void link(byte[] name, Node target) throws FsException {
        byte[] element = Check.name(name).clone();
        with(target, file -> run(() -> tree.entries.link(file.entryNode, entryNode, element)));
    }

    /** What is done with another node of the same tree. */
    @FunctionalInterface
    private interface WithOther {
        void run(LinuxNode other) throws FsException;
    }

    private void with(Node other, WithOther work) throws FsException {
        if (!(other instanceof LinuxNode node) || node.tree != tree) {
            throw new FsException(Errno.EXDEV);
        }
        node.hold.take();
        try {
            work.run(node);
        } finally {
            node.hold.drop();
        }
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName) throws FsException {
        byte[] from = Check.name(oldName).clone();
        byte[] to = Check.name(newName).clone();
        with(newDirectory, directory -> run(() -> tree.entries.move(entryNode, from, directory.entryNode, to)));
    }

    @Override
    public void rename(byte[] oldName, Node newDirectory, byte[] newName, Occupied other) throws FsException {
        byte[] from = Check.name(oldName).clone();
        byte[] to = Check.name(newName).clone();
        with(newDirectory, directory -> run(() -> {
            switch (other) {
                case REPLACED -> tree.entries.move(entryNode, from, directory.entryNode, to);
                case KEPT -> tree.entries.moveToFree(entryNode, from, directory.entryNode, to);
                case EXCHANGED -> tree.entries.exchange(entryNode, from, directory.entryNode, to);
            }
        }));
    }

    @Override
    public void renameTo(Node newDirectory, byte[] newName) throws FsException {
        byte[] to = Check.name(newName).clone();
        with(newDirectory, directory -> atSpot(
                spot -> tree.entries.move(spot.above(), spot.name().bytes, directory.entryNode, to)));
    }

    @Override
    public void renameHere(byte[] newName) throws FsException {
        Name to = new Name(Check.name(newName).clone());
        atSpot(spot -> {
            if (!spot.name().equals(to)) {
                tree.entries.moveHere(spot.above(), spot.name().bytes, to.bytes);
            }
        });
    }

    @Override
    public void unlink(byte[] name, boolean directory) throws FsException {
        Name element = new Name(Check.name(name).clone());
        run(() -> tree.entries.remove(entryNode, element, directory));
    }

    @Override
    public void remove() throws FsException {
        atSpot(spot -> tree.entries.remove(spot.above(), spot.name(), inode.id.kind() == FileId.Kind.DIRECTORY));
    }

    /** What is done with the name that this file has now. */
    @FunctionalInterface
    private interface AtSpot {
        void run(EntryTable.Spot spot) throws FsException;
    }

    private void atSpot(AtSpot work) throws FsException {
        run(() -> {
            EntryTable.Spot spot = tree.lookup.up(entryNode);
            try {
                work.run(spot);
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
            return CallMemory.ofThread().fromBlock(Check.done(NameCalls.readLink(inode.fd)));
        });
    }

    @Override
    public void change(AttributeChange change) throws FsException {
        run(() -> Changes.make(inode, change, tree.resizing));
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
    public boolean closedAtOnce() {
        return hold.freed(this::freedShared);
    }

    private boolean freedShared() {
        boolean shared = tree.places.releaseShared(entryNode);
        if (shared) {
            share.give(entryNode);
        }
        return shared;
    }

    @Override
    public void close() {
        hold.close();
    }
}
