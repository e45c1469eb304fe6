package dev.ninetunnel.export;

import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.wire.Text;
import java.nio.file.Path;

/**
 * A directory that is exported.
 *
 * @param path its place among this machine's files, for anames that begin with it
 * @param ground what was opened for it: the directory itself, of which the tree may be a part
 */
public record ExportedTree(Text name, Path path, Path ground, FileTree tree, ExportTerms standing) {
    public ExportOptions options() {
        return standing.options();
    }

    public UserMapping admission() {
        return standing.admission();
    }
}
