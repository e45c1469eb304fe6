package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The roots of all trees that are served by one process. No path to one may go through a symbolic link in another: whoever
 * may write to that one could have placed the link. Any thread.
 */
final class Roots {
    private final Map<LinuxTree, KnownRoot> roots = new HashMap<>();

    /** Takes one in, in the place of what the tree had. EPERM, with words for people, if it cannot be relied on. */
    synchronized void admit(LinuxTree tree, KnownRoot root, Path path) throws FsException {
        for (Map.Entry<LinuxTree, KnownRoot> other : roots.entrySet()) {
            if (other.getKey() != tree) {
                refuse(path, root.linkWithin(other.getValue().id()), other.getKey().path());
                refuse(other.getKey().path(), other.getValue().linkWithin(root.id()), path);
            }
        }
        roots.put(tree, root);
    }

    private static void refuse(Path path, Optional<String> link, Path within) throws FsException {
        if (link.isPresent()) {
            throw new FsException(Errno.EPERM.number(), "the path " + path + " goes through the symbolic link "
                    + link.get() + ", which lies in " + within + " and could be placed by a peer that writes there: "
                    + "give the path without the link");
        }
    }

    synchronized void forget(LinuxTree tree) {
        roots.remove(tree);
    }
}
