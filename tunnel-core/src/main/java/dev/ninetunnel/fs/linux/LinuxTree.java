package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.linux.PathBytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of this machine as a tree, by Linux's system calls. Each call for the root walks to it again from {@code /},
 * through no symbolic link, so that it sees what is mounted there now; without a held node, nothing is open. What is
 * there has to be the directory that was there before ({@link KnownRoot}), else ESTALE. Nodes stay in the directory that
 * they came from, wherever it is moved. File systems mounted beneath it are part of it. Needs Linux 5.6 (openat2) and
 * /proc; before 5.8, a file system that is mounted later is ESTALE until {@link #lookAnew}.
 */
public final class LinuxTree implements FileTree {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxTree.class);
    /** By which a directory is not, or not any more, where it was. */
    private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final Path path;
    private final Roots roots;
    private final Descriptors descriptors;
    private final Resizing resizing;
    private final ThreadCredentials threadCredentials = new ThreadCredentials();
    private volatile KnownRoot known;
    private volatile String trouble;
    private long nextLine = System.nanoTime();
    private boolean told;
    private volatile HeldTree latest;
    private volatile boolean closed;

    private LinuxTree(Path path, Roots roots, Descriptors descriptors, Resizing resizing) throws FsException {
        this.path = path.toAbsolutePath();
        this.roots = roots;
        this.descriptors = descriptors;
        this.resizing = resizing;
        this.known = find();
    }

    /**
     * Serves a directory, with a count of descriptors of its own.
     *
     * @throws FsException if it is not there (ENOENT), is none (ENOTDIR) or may not be opened
     */
    public static LinuxTree open(Path directory) throws FsException {
        return open(directory, Descriptors.ofProcess(), new Resizing());
    }

    static LinuxTree open(Path directory, Descriptors descriptors, Resizing resizing) throws FsException {
        return open(directory, new Roots(), descriptors, resizing);
    }

    static LinuxTree open(Path directory, Roots roots, Descriptors descriptors, Resizing resizing)
            throws FsException {
        return new LinuxTree(directory, roots, descriptors, resizing);
    }

    private KnownRoot find() throws FsException {
        try (RootPath found = RootPath.resolve(Check.text(PathBytes.of(path)))) {
            KnownRoot root = new KnownRoot(found);
            roots.admit(this, root, path);
            return root;
        }
    }

    @Override
    public Node root(Caller caller) throws FsException {
        return root(caller, DescriptorShare.NONE);
    }

    @Override
    public Node root(Caller caller, DescriptorShare share) throws FsException {
        threadCredentials.permit(caller);
        descriptors.permit(share);
        synchronized (this) {
            if (closed) {
                throw new FsException(Errno.EBADF);
            }
            try (RootPath now = way()) {
                return node(caller, share, now);
            }
        }
    }

    /** The way to the root, which is there. ESTALE if it is not, or the error of the file system that it is on. */
    private RootPath way() throws FsException {
        RootPath way;
        try {
            way = RootPath.along(known.names());
        } catch (FsException e) {
            throw ABSENT.contains(Errno.of(e.number()))
                    ? refused("there is no directory there any more", new FsException(Errno.ESTALE))
                    : refused(e.getMessage(), e);
        }
        Optional<String> why = known.accept(way.steps());
        if (why.isPresent()) {
            way.close();
            throw refused(why.get(), new FsException(Errno.ESTALE));
        }
        found();
        return way;
    }

    private Node node(Caller caller, DescriptorShare share, RootPath now) throws FsException {
        RootPath.Step root = now.steps().getLast();
        HeldTree tree = latest;
        EntryNode held = tree == null ? null : tree.holdRoot(root.id(), root.mount());
        if (held == null) {
            int fd = descriptors.open(now::take);
            tree = new HeldTree(fd, root.id(), root.mount(), descriptors, resizing, threadCredentials);
            latest = tree;
            held = tree.root();
        }
        return new LinuxNode(tree, caller, share, held);
    }

    /** Says so once, until it is there again, and once a minute at most: a peer may be who takes it away. */
    private FsException refused(String why, FsException e) {
        long now = System.nanoTime();
        if (trouble == null && now - nextLine >= 0) {
            nextLine = now + BETWEEN_LINES.toNanos();
            told = true;
            LOG.warn(
                    "An attach to {} is impossible: {}. Put the directory back, or reload the configuration to take what is "
                            + "there now",
                    path, why);
        }
        trouble = why;
        return e;
    }

    private void found() {
        trouble = null;
        if (told) {
            told = false;
            LOG.info("{} can be attached to again", path);
        }
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble).map(why -> "an attach to " + path + " is impossible: " + why);
    }

    @Override
    public Runnable lookAnew() throws FsException {
        KnownRoot root = find();
        return () -> {
            known = root;
            trouble = null;
        };
    }

    @Override
    public void close() {
        roots.forget(this);
        // Not synchronized: an attach may wait for a disk that does not answer.
        closed = true;
        latest = null;
    }

    /** The root as it is known. */
    KnownRoot known() {
        return known;
    }

    Path path() {
        return path;
    }
}
