package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.fs.ChangeWatch.Changed;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twstat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which files a request reads of, or changes, as far as leases are concerned. */
public sealed interface FileUse {
    /** Of nothing that anybody has a lease on. */
    record None() implements FileUse {}

    /**
     * It reads.
     *
     * @param node where it ends, and so what a lease with its reply would be on; borrowed
     * @param kinds what it may be on, a sum of {@link LeaseKinds}
     * @param errors those that a lease comes with, and with nothing else; none if it comes with what was read
     * @param many whether what is read tells of any other files as well
     */
    record Reads(Node node, int kinds, Set<Errno> errors, boolean many) implements FileUse {
        private Reads(Node node, int kinds, Set<Errno> errors) {
            this(node, kinds, errors, false);
        }
    }

    /** It lists a directory, and reads of its files. */
    record Lists() implements FileUse {}

    /**
     * It changes.
     *
     * @param files those that are known; more are told by {@link #named}
     * @param rights whether it changes who may do what
     * @param entries what comes into directories, and goes, if it succeeds; none if that cannot be told
     * @param read files that are read for it
     * @param written the one that is written, by a fid under which its user may have it for itself alone; borrowed, or null
     */
    record Changes(List<FileId> files, boolean rights, Named named, List<Entry> entries, List<FileId> read,
            Node written) implements FileUse {
        private Changes(List<FileId> files, boolean rights, Named named, List<Entry> entries) {
            this(files, rights, named, entries, List.of(), null);
        }

        private Changes withEntries(Entry... all) {
            return new Changes(files, rights, named, List.of(all));
        }

        private Changes withRead(FileId file) {
            return new Changes(files, rights, named, entries, List.of(file), written);
        }

        private Changes withWritten(TreeFid fid) {
            return fid.mayBeAlone() ? new Changes(files, rights, named, entries, read, fid.node) : this;
        }

        /** What is heard of it where it is carried out. */
        public Set<Changed> names() {
            return entries.isEmpty() ? Set.of() : entries.stream().map(Entry::changed).collect(Collectors.toSet());
        }
    }

    /**
     * A name of a directory.
     *
     * @param directory borrowed
     * @param comes whether it is not there before
     */
    record Entry(Node directory, Text name, boolean comes) {
        private Changed changed() {
            return Changed.name(directory.id(), name.bytes(), comes);
        }

        /** Whether, while it is there, no other spelling leads to the same file. On a worker. */
        boolean isAlone(Node heldDirectory) {
            try {
                return heldDirectory.spelling(name.bytes()).isEmpty();
            } catch (FsException e) {
                return false;
            }
        }
    }

    /** Files that are known by their names, so that they have to be looked for. */
    @FunctionalInterface
    interface Named {
        /** There are none. */
        Named NONE = files -> {};

        /** Looks for them, on a worker, and adds them. */
        void addTo(List<FileId> files) throws FsException;
    }

    /** No use. */
    FileUse NONE = new None();
    /** That there is no such name. */
    Set<Errno> ABSENCE = Set.of(Errno.ENOENT);
    /** That the file has no such extended attribute. */
    Set<Errno> NO_ATTRIBUTE = Set.of(Errno.ENODATA, Errno.EOPNOTSUPP);
    /** Of Tsetattr: mode, uid and gid. */
    int RIGHTS = 0x7;

    /** What a request that has its turn uses. On the event loop. */
    static FileUse of(TreeRequest r) {
        TreeFid fid = r.fid;
        if (fid.area.isRoot()) {
            return NONE;
        }
        return switch (r.type) {
            case TGETATTR, TREADLINK, TREADDIR, TREAD, TCHECKSUM -> reads(fid);
            case TXATTRWALK -> new Reads(fid.node, LeaseKinds.ATTRIBUTES, NO_ATTRIBUTE);
            case TWALK -> walks(r, (Twalk) Tmessage.readChecked(r.frame));
            case TLOPEN -> opens(fid, (((Tlopen) Tmessage.readChecked(r.frame)).flags() & LinuxMessages.TRUNCATE) != 0);
            case TOPEN ->
                opens(fid, (((Topen) Tmessage.readChecked(r.frame)).mode() & PlainMessages.Mode.TRUNCATE) != 0);
            case TCLUNK -> clunks(fid);
            case TLIST -> fid.dialect() == Dialect.LINUX ? new Lists() : NONE;
            case TSTAT, TLSEEK, TFSYNC -> new Reads(fid.node, 0, Set.of());
            case TWRITE -> fid.use instanceof Use.Opened
                    ? changes(false, Named.NONE, fid.node).withWritten(fid)
                    : NONE;
            case TSETATTR ->
                changes((((Tsetattr) Tmessage.readChecked(r.frame)).valid() & RIGHTS) != 0, Named.NONE, fid.node);
            case TFALLOCATE -> changes(false, Named.NONE, fid.node);
            case TCOPYRANGE -> changes(false, Named.NONE, fid.node).withRead(r.other.node.id());
            default -> changesNames(r, fid);
        };
    }

    private static FileUse changesNames(TreeRequest r, TreeFid fid) {
        if (!isChangeOfNames(r.type)) {
            return NONE;
        }
        Node node = fid.node;
        Node other = r.other == null ? node : r.other.node;
        return switch (Tmessage.readChecked(r.frame)) {
            case Tlcreate t -> changes(false, entry(node, t.name()), node).withEntries(comes(node, t.name()));
            case Tsymlink t -> changes(false, Named.NONE, node).withEntries(comes(node, t.name()));
            case Tmknod t -> changes(false, Named.NONE, node).withEntries(comes(node, t.name()));
            case Tmkdir t -> changes(false, Named.NONE, node).withEntries(comes(node, t.name()));
            case Tcreate t -> changes(false, entry(node, t.name()), node, other);
            case Tlink t -> changes(false, Named.NONE, node, other).withEntries(comes(node, t.name()));
            case Tunlinkat t -> changes(false, entry(node, t.name()), node).withEntries(goes(node, t.name()));
            case Trenameat t -> changes(false, both(entry(node, t.oldname()), entry(other, t.newname())), node, other)
                    .withEntries(goes(node, t.oldname()), comes(other, t.newname()));
            case Trenameat2 t ->
                changes(false, both(entry(node, t.oldname()), entry(other, t.newname())), node, other).withEntries(
                        goes(node, t.oldname()), comes(other, t.newname()), goes(other, t.newname()),
                        comes(node, t.oldname()));
            case Tput t -> changes(false, t.flags() == 0 ? entry(node, t.name()) : Named.NONE, node);
            case Trename t -> changes(false, both(parent(node), entry(other, t.name())), node, other);
            case Twstat t -> changes(true, parent(node), node);
            default -> changes(false, parent(node), node); // Tremove
        };
    }

    private static boolean isChangeOfNames(MessageType type) {
        return switch (type) {
            case TLCREATE, TCREATE, TSYMLINK, TMKNOD, TMKDIR, TLINK, TUNLINKAT, TRENAMEAT, TRENAMEAT2, TRENAME, TWSTAT,
                    TREMOVE, TPUT ->
                true;
            default -> false;
        };
    }

    private static FileUse reads(TreeFid fid) {
        boolean attribute = fid.use instanceof Use.AttributeRead || fid.use instanceof Use.AttributeWrite;
        int alone = fid.mayBeAlone() ? LeaseKinds.EXCLUSIVE : 0;
        boolean many = fid.use instanceof Use.Opened opened && opened.listing() != null;
        return attribute
                ? NONE
                : new Reads(fid.node, LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES | LeaseKinds.DATA | alone, Set.of(),
                        many);
    }

    /** A walk that arrives tells of a file that nobody has looked at before; one that fails, of the directory that it is in. */
    private static FileUse walks(TreeRequest r, Twalk t) {
        return switch (t.names().size()) {
            case 0 -> reads(r.fid);
            case 1 -> new Reads(r.fid.node, LeaseKinds.NAMES, ABSENCE);
            default -> NONE;
        };
    }

    private static FileUse opens(TreeFid fid, boolean truncates) {
        return truncates ? changes(false, Named.NONE, fid.node) : reads(fid);
    }

    private static FileUse clunks(TreeFid fid) {
        return switch (fid.use) {
            case Use.AttributeWrite _ -> changes(true, Named.NONE, fid.node);
            case Use.Opened opened when opened.removeOnClose() -> changes(false, parent(fid.node), fid.node);
            default -> NONE;
        };
    }

    private static Changes changes(boolean rights, Named named, Node... nodes) {
        List<FileId> files = new ArrayList<>(nodes.length);
        for (Node node : nodes) {
            files.add(node.id());
        }
        return new Changes(files, rights, named, List.of());
    }

    private static Entry comes(Node directory, Text name) {
        return new Entry(directory, name, true);
    }

    private static Entry goes(Node directory, Text name) {
        return new Entry(directory, name, false);
    }

    private static Named parent(Node node) {
        return files -> {
            try (Node above = node.parent()) {
                files.add(above.id());
            }
        };
    }

    private static Named entry(Node directory, Text name) {
        return files -> {
            try (Node there = directory.walk(EntryNames.entry(name))) {
                files.add(there.id());
            }
        };
    }

    private static Named both(Named one, Named other) {
        return files -> {
            FsException fault = null;
            for (Named named : List.of(one, other)) {
                try {
                    named.addTo(files);
                } catch (FsException e) {
                    fault = e;
                }
            }
            if (fault != null) {
                throw fault;
            }
        };
    }
}
