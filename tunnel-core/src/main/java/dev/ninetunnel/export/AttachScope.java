package dev.ninetunnel.export;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.Way;
import dev.ninetunnel.wire.Text;

/**
 * What bounds a fid of a served tree.
 *
 * @param tree the export, or null at the root that lists the exports
 * @param ceiling the directory from which {@code ..} leads no higher: that which was attached to
 * @param belowRoot whether above the ceiling there is the root that lists the exports
 * @param claim who its attach says it is for
 * @param admission who let that in, or null at the root
 */
public record AttachScope(ExportedTree tree, FileId ceiling, boolean belowRoot, ClaimedUser claim,
        UserMapping admission) {
    /** The root that lists the exports. */
    public static AttachScope root(FileId id, ClaimedUser claimedUser) {
        return new AttachScope(null, id, false, claimedUser, null);
    }

    /** Refuses what is not exported any more, or not to whom it was. */
    public void requireInForce() throws FsException {
        if (tree != null) {
            tree.standing().requireInForce(admission, claim);
        }
    }

    /** What holds there now, to be compared with what holds later; null at the root, where nothing changes. */
    public ExportTerms.Terms terms() {
        return tree == null ? null : tree.standing().terms();
    }

    /** Whether it is sure, without asking for any account, that what it was admitted to is still in force. */
    public boolean isAsAdmitted() {
        return tree == null || tree.standing().isInForce(admission);
    }

    /** Refuses to change what cannot be changed, or not any more. */
    public void requireWritable() throws FsException {
        if (tree == null) {
            throw new FsException(Errno.EROFS);
        }
        tree.standing().requireWritable(admission, claim);
    }

    /**
     * Refuses (ESTALE) a file that is not in what was attached to, or that is not in what is exported, any more. What has been
     * removed is nowhere, and so not elsewhere.
     */
    public void requireHolds(Node node) throws FsException {
        if (tree == null) {
            return;
        }
        Way way = node.way();
        if (!way.isNowhere() && !(way.isThrough(ceiling)
                && way.beginsWith(tree.options().within().stream().map(Text::bytes).toList()))) {
            throw new FsException(Errno.ESTALE);
        }
    }

    /** The same, from whose new top {@code ..} leads no higher. */
    public AttachScope below(FileId top) {
        return new AttachScope(tree, top, belowRoot, claim, admission);
    }

    /** The export's name, for the record; empty at the root. */
    public String export() {
        return tree == null ? "" : tree.name().toString();
    }

    public boolean isRoot() {
        return tree == null;
    }

    public boolean readOnly() {
        return tree == null || tree.options().readOnly();
    }

    /** The group for a new file, of what a request asks for; -1 for that of the user who makes it. */
    public int group(int asked) {
        return tree == null ? -1 : tree.admission().group(asked);
    }

    public boolean hasAttributes() {
        return tree == null || tree.options().attributes();
    }

    /** Refuses where there are to be no extended attributes. */
    public void requireAttributes() throws FsException {
        if (!hasAttributes()) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
    }

    /** Refuses to make a device node where none is to be made. */
    public void permit(FileId.Kind kind) throws FsException {
        boolean device = kind == FileId.Kind.BLOCK_DEVICE || kind == FileId.Kind.CHARACTER_DEVICE;
        if (device && tree != null && !tree.options().devices()) {
            throw new FsException(Errno.EPERM);
        }
    }
}
