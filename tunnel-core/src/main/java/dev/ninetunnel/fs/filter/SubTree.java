package dev.ninetunnel.fs.filter;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import java.util.List;

/**
 * A part of a tree: a directory of it and what is below. The directory is looked for at each attach, name by name and
 * through no symbolic link. Its nodes are those of the whole: the server looks by {@link Node#way} whether one is in
 * the part still, and does not go to the top's parent, which is there. Any thread.
 */
public final class SubTree implements FileTree {
    private final FileTree whole;
    private final List<byte[]> path;

    /** The part of a tree below the directory that these names lead to. Closing it leaves the tree alone. */
    public SubTree(FileTree whole, List<byte[]> path) {
        this.whole = whole;
        this.path = List.copyOf(path);
    }

    @Override
    public Node root(Caller caller) throws FsException {
        return root(caller, DescriptorShare.NONE);
    }

    @Override
    public Node root(Caller caller, DescriptorShare share) throws FsException {
        Node at = whole.root(caller, share);
        for (byte[] name : path) {
            try (Node before = at) {
                at = before.walk(name);
            }
        }
        return at;
    }

    @Override
    public void close() {
        // The tree belongs to somebody else.
    }
}
