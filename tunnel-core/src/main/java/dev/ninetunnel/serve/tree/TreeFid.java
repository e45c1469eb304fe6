package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.AttachScope;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A fid of a file that is served here. Its fields are changed by a worker whose request has it alone, and
 * read by workers whose requests share it; the handing over through the event loop makes the one seen by the other.
 */
public final class TreeFid implements Fid {
    private final Dialect dialect;
    /** Where it is and what bounds it. */
    AttachScope area;
    Node node;
    /** The name that it was reached by, for when the file has none any more. */
    Text name;
    /** What it is used for. */
    Use use = Use.NONE;
    /** Whether what was to be done when it ends is not to be done any more, whatever may be done then. */
    private volatile boolean lapsed;
    /** Under which hidden names it was found to be shown; null for none yet. */
    List<NamePattern> shownUnder;
    /** Gives up its exclusive use of the file; null unless it has that. */
    Runnable release;

    TreeFid(Dialect dialect, AttachScope attachScope, Node node, Text name) {
        this.dialect = dialect;
        this.area = attachScope;
        this.node = node;
        this.name = name;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    /** What a fid is used for, beyond naming a file. */
    sealed interface Use {
        /** Nothing yet. */
        Use NONE = new None();

        /** See {@link #NONE}. */
        record None() implements Use {}

        /** It is open. */
        record Opened(OpenFile file, boolean directory, boolean reads, boolean writes,
                boolean removeOnClose, StatListing listing) implements Use {}

        /** It stands for the value of an extended attribute, or the list of their names, to be read. */
        record AttributeRead(ByteBuffer value) implements Use {}

        /** It stands for a value to be written, and set when it is clunked. */
        record AttributeWrite(NewAttribute attribute) implements Use {}
    }

    /** The export that it is in; null in the list of them. */
    public ExportedTree tree() {
        return area.tree();
    }

    /** What takes turns with others for its replies: the attach that it comes from. */
    public Object client() {
        return area;
    }

    /** Whether it holds more than a name: it is open, or an extended attribute. */
    public boolean isInUse() {
        return !(use instanceof Use.None);
    }

    /** Whether it is open, and no directory. */
    public boolean isOpenFile() {
        return use instanceof Use.Opened opened && !opened.directory();
    }

    /** The file that it is open for writing of; null if it is not. */
    public FileId written() {
        return use instanceof Use.Opened opened && opened.writes() && !opened.directory() ? node.id() : null;
    }

    /** Whether its user may write the file by it, and so have it for itself alone. */
    boolean mayBeAlone() {
        return dialect == Dialect.LINUX && written() != null && !area.readOnly();
    }

    /** Whether its attributes are in memory, and may be told. */
    public boolean answersAtOnce() {
        return isAsAdmitted() && node.answersAtOnce();
    }

    /** What it is open as. */
    Use.Opened opened() throws FsException {
        if (use instanceof Use.Opened opened) {
            return opened;
        }
        throw new FsException(Errno.EBADF);
    }

    /**
     * Brings the open file to the disk. A peer that may only read, and has not written through it, has nothing to bring
     * there, and must not have others wait for it: so it is on a file system that is mounted for reading only.
     */
    void sync(boolean dataOnly) throws FsException {
        Use.Opened opened = opened();
        if (opened.writes() || !area.readOnly()) {
            opened.file().sync(dataOnly);
        }
    }

    /** What was to be done when it ends is not to be done any more. Threads as for {@link #withdraw}. */
    void lapse() {
        lapsed = true;
    }

    /** Refuses to do at the end what was to be done then, if the right to that has ended meanwhile (ESTALE). */
    void requireNotLapsed() throws FsException {
        if (lapsed) {
            throw new FsException(Errno.ESTALE);
        }
    }

    /**
     * Its user may not use it any more: gives up what it holds besides its name. It stays until it is clunked. On any thread,
     * also while others work on it.
     */
    void withdraw() {
        lapsed = true;
        if (use instanceof Use.Opened opened) {
            opened.file().close();
        }
        Runnable exclusive = release;
        if (exclusive != null) {
            exclusive.run();
        }
    }

    /** Its user may only read from now on: nothing is left that is for who may write. Threads as for {@link #withdraw}. */
    void narrow() {
        lapsed = true;
        if (use instanceof Use.Opened opened) {
            opened.file().stopWriting();
        }
    }

    /** Whether it is known, without a look, that it is not hidden. */
    boolean isShown() {
        return area.isRoot() || area.tree().options().hidden().equals(shownUnder);
    }

    /** Whether it is sure, without a look at any account or disk, that it may be used as it was admitted. */
    boolean isAsAdmitted() {
        return area.isAsAdmitted() && isShown();
    }

    /** Refuses (ESTALE) if it is hidden by now. Looks once after each change of what is hidden; on a worker. */
    void requireShown() throws FsException {
        if (!isShown()) {
            List<NamePattern> now = area.tree().options().hidden();
            node.requireShown();
            shownUnder = now;
        }
    }

    /** Refuses if it is open, or an extended attribute. */
    void requireUnused() throws FsException {
        if (isInUse()) {
            throw new FsException(Errno.EBADF);
        }
    }

    /** Refuses if it does not stand for a file but for an extended attribute. */
    void requireFile() throws FsException {
        if (use instanceof Use.AttributeRead || use instanceof Use.AttributeWrite) {
            throw new FsException(Errno.EBADF);
        }
    }

    /** Refuses what would change the directory above the one that was attached to, such as to remove that one. */
    void requireBelowTop() throws FsException {
        if (node.id().equals(area.ceiling())) {
            throw new FsException(Errno.EBUSY);
        }
    }

    /** From now on it stands for another file. The node that it had is the caller's to close. */
    void become(Node other, Text called, Use used) {
        node = other;
        name = called;
        use = used;
    }

    /** The same, to be closed when this one has become another. */
    TreeFid copy() {
        TreeFid copy = new TreeFid(dialect, area, node, name);
        copy.use = use;
        copy.release = release;
        copy.shownUnder = shownUnder;
        return copy;
    }

    /** From now on it stands for a file elsewhere, and is not open. What it had is the caller's to close. */
    void move(AttachScope there, Node other, Text called) {
        area = there;
        release = null;
        become(other, called, Use.NONE);
    }

    /** Closes it if that takes no more than a moment, as for one that is not open. Returns whether it has. */
    public boolean closedAtOnce() {
        return use instanceof Use.None && release == null && node.closedAtOnce();
    }

    /** Closes the open file, if it is open, and the node. */
    void close() {
        if (use instanceof Use.Opened opened) {
            opened.file().close();
        }
        use = Use.NONE;
        if (release != null) {
            release.run();
            release = null;
        }
        node.close();
    }
}
