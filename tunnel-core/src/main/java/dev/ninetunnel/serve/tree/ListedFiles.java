package dev.ninetunnel.serve.tree;

import dev.ninetunnel.export.Qids;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Tlist;

/** What a Tlist tells of the files of a directory: what Tgetattr, Treadlink, Tlopen, Txattrwalk and Tread would say. On workers. */
final class ListedFiles {
    /** Files above this size bring no content, whatever is asked. */
    private static final int MOST_DATA = 65536;

    private final Qids qids;
    private final LinuxAttributes attributes;
    private final Tlist asked;
    private final long mostData;

    ListedFiles(Qids qids, Tlist asked) {
        this.qids = qids;
        this.attributes = new LinuxAttributes(qids);
        this.asked = asked;
        this.mostData = Math.min(Integer.toUnsignedLong(asked.data()), MOST_DATA);
    }

    /** What a file takes in the reply, beside its name and the lease, at least. */
    int leastBytes() {
        return ListedEntry.ATTRIBUTE_BYTES + 2 + 1 + 4 * asked.attributes().size() + 1;
    }

    DirectoryEntry entry(ListedDirectory.Name name) {
        return new DirectoryEntry(qids.ofEntry(name.id(), Dialect.LINUX), name.cookie(), name.id().kind().entryType(),
                name.text());
    }

    /** Looks at what a name leads to; null if that is another file by now, or not to be looked at. The caller closes it. */
    ListedFile look(TreeFid directory, ListedDirectory.Name name, ListedDirectory.Sight sight) {
        try (Node node = name.isSelf() ? directory.node.duplicate() : directory.node.walk(name.text().bytes())) {
            return node.id().equals(name.id()) ? look(directory, node, sight) : null;
        } catch (FsException e) {
            return null; // the plain request tells why
        }
    }

    private ListedFile look(TreeFid directory, Node node, ListedDirectory.Sight sight) throws FsException {
        Attributes now = sight.look(node);
        if (now == null) {
            return null;
        }
        Text target = kind(node) == FileId.Kind.SYMLINK ? Text.of(node.readLink()) : Text.EMPTY;
        int[] ecodes = asked.attributes().stream()
                .mapToInt(attribute -> ExtendedAttributes.lacks(directory.area, node, attribute)).toArray();
        OpenFile file = open(node);
        boolean content = file != null && kind(node) == FileId.Kind.FILE
                && mostData > 0 && now.size() <= mostData;
        int kinds = LeaseKinds.ATTRIBUTES | (kind(node) == FileId.Kind.DIRECTORY ? LeaseKinds.NAMES : 0);
        return new ListedFile(kinds, attributes.of(now, LinuxAttributes.ALL), target, ecodes, file, content);
    }

    private static FileId.Kind kind(Node node) {
        return node.id().kind();
    }

    /** Null if that may not be, or cannot be now. */
    private static OpenFile open(Node node) {
        try {
            return node.open(OpenHow.READ);
        } catch (FsException e) {
            return null;
        }
    }
}
