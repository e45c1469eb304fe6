package dev.ninetunnel.serve;

import dev.ninetunnel.fs.FileTree;
import java.nio.file.Path;

/** A directory that is exported, and the tree of it. */
record ExportedTree(String name, Path path, FileTree tree, boolean readOnly) {}
