package dev.ninetunnel.serve;

import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.wire.Text;
import java.nio.file.Path;

/** A directory that is exported, and the tree of it. */
record ExportedTree(Text name, Path path, FileTree tree, boolean readOnly) {}
