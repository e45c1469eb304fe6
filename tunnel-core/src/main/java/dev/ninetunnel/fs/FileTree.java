package dev.ninetunnel.fs;

import java.util.Optional;

/**
 * A tree of files that can be served. Safe for use by many threads; the calls of it and of the nodes and open files
 * that come out of it may block.
 */
public interface FileTree extends AutoCloseable {
    /**
     * The top of the tree, with what follows from it acting as this caller. The node belongs to the caller.
     *
     * @throws FsException if the top is not there any more, or is another than it was (ESTALE), or the tree cannot act as
     *     that caller (EPERM)
     */
    Node root(Caller caller) throws FsException;

    /**
     * The same, for a far side to which the descriptors are put down that it takes.
     *
     * @throws FsException as the other; ENFILE if it has its share of them
     */
    default Node root(Caller caller, DescriptorShare share) throws FsException {
        return root(caller);
    }

    /**
     * Looks for the top again, as when the tree was opened. It is taken for the top from when the result is run, which does
     * not block.
     *
     * @throws FsException if there is none; then all is as it was
     */
    default Runnable lookAnew() throws FsException {
        return () -> {};
    }

    /** Why the last caller did not get the top, in words for people; empty if it did. Never blocks. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Lets go of the tree. Nodes and files that are open stay usable until they are closed themselves. */
    @Override
    void close();
}
