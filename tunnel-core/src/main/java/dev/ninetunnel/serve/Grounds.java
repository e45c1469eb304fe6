package dev.ninetunnel.serve;

import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.local.LocalTrees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the exports to all peers stand on: each directory is opened once, however many peers may use it, and a file has the
 * same qid for all of them (rule S15). Any thread.
 */
public final class Grounds implements AutoCloseable {
    private final LocalTrees opener;
    private final Qids qids = new Qids();
    private final Users users = new Users(Path.of("/etc/passwd"), Path.of("/etc/group"));
    private final PlainBits plainBits = new PlainBits();
    private final Map<Path, Held> trees = new HashMap<>();

    private static final class Held {
        private final FileTree tree;
        private int uses;

        Held(FileTree tree) {
            this.tree = tree;
        }
    }

    /** With nothing open. */
    public Grounds(LocalTrees opener) {
        this.opener = opener;
    }

    /** The tree of a directory, which the caller {@link #give gives} back. */
    synchronized FileTree take(Path directory) throws IOException {
        Held held = trees.get(directory);
        if (held == null) {
            held = new Held(open(directory));
            trees.put(directory, held);
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

    /** Takes a tree back; it is closed when nobody has it any more. Nodes of it stay usable. */
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
