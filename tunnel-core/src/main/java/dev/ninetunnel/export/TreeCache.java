package dev.ninetunnel.export;

import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.link.BoundedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the exports to all peers stand on: each directory is one tree, however many peers may use it, and a file has the
 * same qid for all of them (rule S15). Any thread.
 */
public final class TreeCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TreeCache.class);

    private final LocalTrees opener;
    private final Qids qids = new Qids();
    private final Users users = new Users(Path.of("/etc/passwd"), Path.of("/etc/group"));
    private final PlainBits plainBits = new PlainBits();
    private final Map<Path, Held> trees = new HashMap<>();
    private final Map<Export.Address, BoundedLog> upstreamLogs = new ConcurrentHashMap<>();

    private static final class Held {
        private final FileTree tree;
        private int uses;

        Held(FileTree tree) {
            this.tree = tree;
        }
    }

    /** For what there is to say of an upstream server, which each attach of any peer may bring about. */
    BoundedLog upstreamLog(Export.Address address) {
        return upstreamLogs.computeIfAbsent(address,
                a -> new BoundedLog(LoggerFactory.getLogger(TreeCache.class)));
    }

    /** With nothing open. */
    public TreeCache(LocalTrees opener) {
        this.opener = opener;
    }

    /** The tree of a directory, which the caller {@link #give gives} back. */
    FileTree take(Path directory) throws IOException {
        FileTree tree = takeKnown(directory);
        if (tree != null) {
            return tree;
        }
        // Not while others wait for this: its disk may not answer.
        FileTree opened = open(directory);
        synchronized (this) {
            tree = takeKnown(directory);
            if (tree == null) {
                trees.put(directory, new Held(opened));
                return takeKnown(directory);
            }
        }
        opened.close();
        return tree;
    }

    private synchronized FileTree takeKnown(Path directory) {
        Held held = trees.get(directory);
        if (held == null) {
            return null;
        }
        held.uses++;
        return held.tree;
    }

    private FileTree open(Path directory) throws IOException {
        try {
            return opener.open(directory);
        } catch (IOException e) {
            throw new IOException("cannot export " + directory + ": " + e.getMessage()
                    + ". Give a directory that the user of this endpoint can read", e);
        }
    }

    /**
     * Looks again for a directory that is taken. What it finds is taken for it from when the result is run, which does not
     * block; a directory that is not to be found now stays as it was known.
     */
    Runnable lookAnew(Path directory) {
        FileTree tree;
        synchronized (this) {
            tree = trees.get(directory).tree;
        }
        try {
            return tree.lookAnew();
        } catch (FsException e) {
            LOG.warn("{} stays as it was, because it cannot be found again: {}", directory, e.getMessage());
            return () -> {};
        }
    }

    /** Why directories that are exported cannot be attached to, in words for people. Never blocks. */
    public synchronized List<String> troubles() {
        return trees.values().stream().flatMap(held -> held.tree.trouble().stream()).toList();
    }

    /** Takes a tree back; it is closed when its last user has given it back. Nodes of it stay usable. */
    synchronized void give(Path directory) {
        Held held = trees.get(directory);
        if (held != null && --held.uses == 0) {
            trees.remove(directory);
            held.tree.close();
        }
    }

    /** Closes what is open still. */
    @Override
    public synchronized void close() {
        trees.values().forEach(held -> held.tree.close());
        trees.clear();
    }

    Qids qids() {
        return qids;
    }

    Users users() {
        return users;
    }

    PlainBits plainBits() {
        return plainBits;
    }
}
