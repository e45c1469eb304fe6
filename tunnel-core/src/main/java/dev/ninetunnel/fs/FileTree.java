package dev.ninetunnel.fs;

/**
 * A tree of files that can be served. Safe for use by many threads; the calls of it and of the nodes and open files
 * that come out of it may block.
 */
public interface FileTree extends AutoCloseable {
    /**
     * The top of the tree, with what follows from it acting as this caller. The node belongs to whoever asked.
     *
     * @throws FsException if the top is not there (any more), or the tree cannot act as that caller (EPERM)
     */
    Node root(Caller caller) throws FsException;

    /** Lets go of the tree. Nodes and files that are open stay usable until they are closed themselves. */
    @Override
    void close();
}
