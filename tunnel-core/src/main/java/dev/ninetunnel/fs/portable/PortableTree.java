package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory of this machine as a tree, by java.nio, for systems without Linux's calls. Nodes are paths: each use
 * looks first whether the path still leads to the same file, and whether the directory it is in is still within the
 * tree. What a local program does between that look and the use is not seen: one that may rename within the exported
 * directory can have a peer's single request reach what a symbolic link of its points to. Serve only what local
 * programs may be trusted with, or use {@link dev.ninetunnel.fs.linux.LinuxTree}.
 *
 * <p>It cannot: act as another user (EPERM), make fifos, sockets and devices, keep extended attributes but those of
 * users (both EOPNOTSUPP), take names that are not UTF-8 (EINVAL), tell a renamed file's new place when others renamed
 * it (ESTALE), and keep local programs out of what peers have locked. Any thread.
 */
public final class PortableTree implements FileTree {
    private final Path root;
    private volatile Attributes known;
    private volatile boolean gone;
    private final Set<PortableNode> nodes = ConcurrentHashMap.newKeySet();
    final PortableLocks locks = new PortableLocks();

    private PortableTree(Path root) throws FsException {
        this.root = root;
        this.known = here();
    }

    private Attributes here() throws FsException {
        return Failures.translate(() -> FileStatus.attributes(root));
    }

    /**
     * Serves a directory.
     *
     * @throws FsException if it is not there (ENOENT), is none (ENOTDIR) or may not be opened
     */
    public static PortableTree open(Path directory) throws FsException {
        Path real = Failures.translate(directory::toRealPath);
        if (!Files.isDirectory(real)) {
            throw new FsException(Errno.ENOTDIR);
        }
        return new PortableTree(real);
    }

    @Override
    public Node root(Caller caller) throws FsException {
        if (caller instanceof Caller.User) {
            throw new FsException(Errno.EPERM);
        }
        gone = true;
        try {
            Attributes now = here();
            if (!isKnown(now) && !Failures.translate(() -> FileStatus.isGuarded(root))) {
                throw new FsException(Errno.ESTALE);
            }
            Node top = node(root);
            known = now;
            gone = false;
            return top;
        } catch (FsException e) {
            throw e.number() == Errno.ENOENT.number() ? new FsException(Errno.ESTALE) : e;
        }
    }

    private boolean isKnown(Attributes now) {
        return now.id().equals(known.id()) && now.birth().equals(known.birth());
    }

    @Override
    public Optional<String> trouble() {
        return gone
                ? Optional.of("an attach to " + root
                        + " is impossible: the directory is gone, or others put another one there")
                : Optional.empty();
    }

    @Override
    public Runnable lookAnew() throws FsException {
        Attributes now = here();
        return () -> {
            known = now;
            gone = false;
        };
    }

    /** A node for what is at this path now. */
    PortableNode node(Path path) throws FsException {
        within(path);
        PortableNode node = new PortableNode(this, path, Failures.translate(() -> FileStatus.attributes(path)));
        nodes.add(node);
        return node;
    }

    /** The way from the root to what is at this path. */
    Way way(Path path) throws FsException {
        List<FileId> files = new ArrayList<>();
        List<byte[]> names = new ArrayList<>();
        for (Path at = path;; at = at.getParent()) {
            Path here = at;
            files.add(Failures.translate(() -> FileStatus.id(here)));
            if (isRoot(at)) {
                return new Way(files.reversed(), names.reversed());
            }
            names.add(Names.bytes(at.getFileName()));
        }
    }

    boolean isRoot(Path path) {
        return path.equals(root);
    }

    /** That the directory of a path is in the tree, with no link leading out of it. */
    void within(Path path) throws FsException {
        Path directory = isRoot(path) ? path : path.getParent();
        if (!Failures.translate(() -> directory.toRealPath()).startsWith(root)) {
            throw new FsException(Errno.ESTALE);
        }
    }

    /** Notes that we have removed what was at a path: its inode's number may be used again at once. */
    void removed(Path path) {
        for (PortableNode node : nodes) {
            node.removed(path);
        }
    }

    /** Notes that we have renamed what was at a path, and with it all below. */
    void moved(Path from, Path to) {
        removed(to);
        for (PortableNode node : nodes) {
            node.moved(from, to);
        }
    }

    void closed(PortableNode node) {
        nodes.remove(node);
    }

    @Override
    public void close() {
        // Nodes and open files live on until they are closed themselves.
    }
}
