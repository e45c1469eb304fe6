package dev.ninetunnel.serve;

import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.wire.Text;
import java.nio.file.Path;

/** A directory that is exported, the tree of it, and what holds in it. */
record ExportedTree(Text name, Path path, FileTree tree, ExportOptions options, Admission admission) {
    /** Its top, for an attach that claims this; EPERM if that user is not let in. */
    Node root(Claim claim) throws FsException {
        return admission.root(tree, claim);
    }
}
