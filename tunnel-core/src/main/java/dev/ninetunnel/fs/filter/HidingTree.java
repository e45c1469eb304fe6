package dev.ninetunnel.fs.filter;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tree of which some names are hidden, in every directory: they are not listed, cannot be walked to (ENOENT), and
 * nothing can be made under them, whether they are there or not (EPERM). A directory that holds nothing else is not
 * empty all the same (ENOTEMPTY). Where a directory takes other spellings for a name, upper and lower case or short names,
 * they are hidden with it. What is hidden is the name: a file that has another name, too, is found by that one.
 * Any thread.
 */
public final class HidingTree implements FileTree {
    private final FileTree inner;
    private final Supplier<List<NamePattern>> hidden;

    /** Takes over the tree, with the names that are hidden at each moment. Any thread asks for them. */
    public HidingTree(FileTree inner, Supplier<List<NamePattern>> hidden) {
        this.inner = inner;
        this.hidden = hidden;
    }

    @Override
    public Node root(Caller caller) throws FsException {
        return root(caller, DescriptorShare.NONE);
    }

    @Override
    public Node root(Caller caller, DescriptorShare share) throws FsException {
        return new HidingNode(this, inner.root(caller, share));
    }

    boolean hides(byte[] name) {
        List<NamePattern> now = hidden.get();
        return !now.isEmpty() && !isOwn(name) && now.stream().anyMatch(pattern -> pattern.matches(name));
    }

    /** Whether a pattern stands for this name, as it is or in other letters, upper or lower. */
    boolean hidesInAnyCase(byte[] name) {
        List<NamePattern> now = hidden.get();
        return !now.isEmpty() && !isOwn(name) && now.stream().anyMatch(pattern -> pattern.matchesInAnyCase(name));
    }

    /** Whether any name is hidden. */
    boolean hidesAny() {
        return !hidden.get().isEmpty();
    }

    /** Whether it is what a directory calls itself and the one above, or the root's, which has no name. */
    private static boolean isOwn(byte[] name) {
        return name.length == 0 || (name.length == 1 && name[0] == '.')
                || (name.length == 2 && name[0] == '.' && name[1] == '.');
    }

    @Override
    public void close() {
        inner.close();
    }
}
