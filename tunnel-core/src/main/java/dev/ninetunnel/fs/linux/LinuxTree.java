package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import java.nio.file.Path;

/**
 * A directory of this machine as a tree, by Linux's system calls. What is served is the directory itself, wherever it
 * is moved; one that was removed is looked for again by its path when the next caller asks for the root. File systems
 * mounted beneath it are part of it. Needs Linux 5.6 (openat2) and /proc.
 */
public final class LinuxTree implements FileTree {
    private final Path path;
    final Descriptors descriptors;
    final Places places;
    final Lookup lookup;
    final Identity identity = new Identity();
    final Entries entries;
    final Resizing resizing;
    private Place root;

    private LinuxTree(Path path, Descriptors descriptors, Resizing resizing) throws FsException {
        this.path = path.toAbsolutePath();
        this.descriptors = descriptors;
        this.resizing = resizing;
        this.places = new Places(descriptors);
        this.lookup = new Lookup(places, descriptors);
        this.entries = new Entries(descriptors, places, lookup, identity,
                new Maker(identity, ProcessCalls::unshareUmask));
        this.root = openRoot();
    }

    /** Whether this system has what the tree needs. */
    public static boolean available() {
        return Availability.PRESENT;
    }

    /**
     * Serves a directory, with a count of descriptors of its own.
     *
     * @throws FsException if it is not there (ENOENT), is none (ENOTDIR) or may not be opened
     */
    public static LinuxTree open(Path directory) throws FsException {
        return new LinuxTree(directory, Descriptors.ofProcess(), new Resizing());
    }

    static LinuxTree open(Path directory, Descriptors descriptors, Resizing resizing) throws FsException {
        return new LinuxTree(directory, descriptors, resizing);
    }

    @Override
    public Node root(Caller caller) throws FsException {
        identity.permit(caller);
        Place held;
        Place vanished = null;
        synchronized (this) {
            if (root == null) {
                throw new FsException(Errno.EBADF);
            }
            if (removed(Status.of(root.inode.fd))) {
                Place again = openRoot();
                vanished = root;
                root = again;
            }
            held = places.hold(root);
        }
        places.release(vanished);
        return new LinuxNode(this, caller, held);
    }

    @Override
    public void close() {
        Place last;
        synchronized (this) {
            last = root;
            root = null;
        }
        places.release(last);
    }

    private static boolean removed(Attributes attributes) {
        return attributes.links() == 0;
    }

    private Place openRoot() throws FsException {
        byte[] bytes = Check.text(PathBytes.of(path));
        int fd = descriptors.open(() -> DescriptorCalls.openPath(bytes,
                OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC));
        try {
            return places.root(Status.idOf(fd), fd);
        } catch (FsException e) {
            descriptors.close(fd);
            throw e;
        }
    }
}
