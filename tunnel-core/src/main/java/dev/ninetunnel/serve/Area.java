package dev.ninetunnel.serve;

import dev.ninetunnel.fs.FileId;

/**
 * What bounds a fid of a served tree.
 *
 * @param tree the export, or null at the root that lists the exports
 * @param ceiling the directory from which {@code ..} leads no higher: that which was attached to
 * @param belowRoot whether above the ceiling there is the root that lists the exports
 */
record Area(ExportedTree tree, FileId ceiling, boolean belowRoot) {
    boolean isRoot() {
        return tree == null;
    }

    boolean readOnly() {
        return tree == null || tree.readOnly();
    }
}
