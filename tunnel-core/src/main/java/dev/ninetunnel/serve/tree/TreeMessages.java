package dev.ninetunnel.serve.tree;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Trail;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.AttachScope;
import dev.ninetunnel.export.ClaimedUser;
import dev.ninetunnel.export.ExportTerms;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Tchecksum;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages on fids of served trees: those that all dialects have are answered here, the others by {@link
 * LinuxMessages} and {@link PlainMessages}. Called on workers, but for what says that it is for the loop, for one
 * conversation.
 */
public final class TreeMessages {
    /** What an Rread or Rreaddir has before its data, in bytes: the header and the count. */
    static final int DATA_HEADER = Frame.HEADER + 4;

    private static final Logger LOG = LoggerFactory.getLogger(TreeMessages.class);

    private final Trail trail;
    /** Null if changes are not on record. */
    private final Journal journal;
    private final TreeAttach attach;
    private final Walk walk;
    private final LinuxMessages linux;
    private final PlainMessages plain;
    private final ExtendedAttributes attributes;
    private final Writes writes;
    private final Qids qids;

    /**
     * Those of one conversation.
     *
     * @param attributeFids how many fids may stand for extended attributes at a time
     * @param locks how many ranges of bytes may be locked at a time
     * @param trail takes what is to be on record
     * @param share of the descriptors that are open for the peer
     */
    public TreeMessages(Exports exports, int attributeFids, int locks, Trail trail, DescriptorShare share) {
        this.trail = trail;
        this.journal = trail.changes() ? new Journal(trail) : null;
        this.attach = new TreeAttach(exports, share);
        this.walk = new Walk(exports, trail, share);
        this.attributes = new ExtendedAttributes(attributeFids);
        this.linux = new LinuxMessages(exports, attributes, new LinuxLocks(locks));
        this.plain = new PlainMessages(exports);
        this.writes = new Writes(exports.qids());
        this.qids = exports.qids();
    }

    /**
     * Lets a user in to the list of what is exported, on a worker, and returns the frame of the reply.
     *
     * @throws FsException why it may not be; that is on record then
     */
    public ByteBuf attachToList(TreeRequest r, ClaimedUser claimedUser, AttachRecord record) throws FsException {
        return attach.toList(r, claimedUser, record);
    }

    /** The same, to what is at a path below the top of an export. */
    public ByteBuf attachToTree(TreeRequest r, ExportedTree tree, List<Text> path, ClaimedUser claimedUser,
            AttachRecord record) throws FsException {
        return attach.toTree(r, tree, path, claimedUser, record);
    }

    /** Does a request other than an attach, on a worker, and returns the frame of its reply. */
    public ByteBuf answer(TreeRequest r) throws FsException {
        Tmessage message = Tmessage.readChecked(r.frame);
        ExportTerms.Terms before = r.fid.area.terms();
        ByteBuf reply = journal == null
                ? perform(r, message)
                : journal.keep(r, message, () -> perform(r, message));
        if (!Objects.equals(r.fid.area.terms(), before)) {
            enforce(r.fid);
        }
        return reply;
    }

    /**
     * Takes from a fid what its user may not have any more: the open file with its locks, or what is for who may write. On any
     * thread, also while others work on it; who is at that meanwhile does the same afterwards.
     */
    public void enforce(TreeFid fid) {
        try {
            fid.area.requireInForce();
        } catch (FsException e) {
            fid.withdraw();
            return;
        }
        if (fid.area.readOnly()) {
            fid.narrow();
        } else if (fid.use instanceof Use.AttributeWrite && !fid.area.hasAttributes()) {
            fid.lapse();
        }
    }

    /** Begins to list a directory with what is leased of its files; a Tlist that {@link #answer} is asked for is refused. */
    public ListedDirectory list(TreeRequest r) {
        Tlist asked = (Tlist) Tmessage.readChecked(r.frame);
        return new ListedDirectory(r, asked, () -> permit(r, asked), walk, new ListedFiles(qids, asked));
    }

    private ByteBuf perform(TreeRequest r, Tmessage message) throws FsException {
        if (message instanceof Tclunk) {
            return clunk(r);
        }
        if (message instanceof Tremove) {
            return remove(r);
        }
        permit(r, message);
        if (r.other != null && !Objects.equals(r.fid.area.tree(), r.other.area.tree())) {
            throw new FsException(Errno.EXDEV);
        }
        if (!goesOnElsewhere(message, r.fid.use)) {
            r.fid.area.requireHolds(r.fid.node);
        }
        if (r.other != null && !goesOnElsewhere(message, r.other.use)) {
            r.other.area.requireHolds(r.other.node);
        }
        return switch (message) {
            case Twalk t -> walk.answer(r, t);
            case Tread t -> read(r, t);
            case Twrite t -> writes.answer(r, t);
            default -> inDialect(r, message);
        };
    }

    /**
     * Whether it may be asked of a file that has been moved out of what was attached to: what is open goes on, and attributes
     * can be had. Twalk looks for itself, at where it comes to.
     */
    private static boolean goesOnElsewhere(Tmessage message, Use use) {
        return switch (message) {
            case Tread _,Twrite _,Tfallocate _,Tlseek _,Tcopyrange _,Tchecksum _,Treaddir _,Tfsync _,Tlock _,Tgetlock _,Tgetattr _,Tstat _,Tstatfs _,Twalk _ ->
                true;
            case Tsetattr _,Txattrwalk _,Txattrcreate _ -> use instanceof Use.Opened;
            default -> false;
        };
    }

    /** Refuses what may not be asked, or not any more. */
    private void permit(TreeRequest r, Tmessage message) throws FsException {
        try {
            r.fid.area.requireInForce();
            r.fid.requireShown();
            if (r.other != null) {
                r.other.area.requireInForce();
                r.other.requireShown();
            }
            if (r.fid.area.readOnly()) {
                ReadOnly.require(message);
            }
        } catch (FsException e) {
            throw denied(r.type, r.fid.area, e);
        }
    }

    /** Refuses to remove a file, or to set an attribute, where that may not be done (any more). */
    private void requireWritable(MessageType type, AttachScope attachScope) throws FsException {
        try {
            attachScope.requireWritable();
        } catch (FsException e) {
            throw denied(type, attachScope, e);
        }
    }

    private FsException denied(MessageType type, AttachScope attachScope, FsException why) {
        trail.note(new Event.Denied(type.toString(), attachScope.export(), why.name()));
        return why;
    }

    private ByteBuf inDialect(TreeRequest r, Tmessage message) throws FsException {
        if (r.fid.dialect() != Dialect.LINUX) {
            return plain.answer(r, message);
        }
        if (!r.type.isOfLinux()) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
        return linux.answer(r, message);
    }

    /** The count that a request for data may have, at most what fits the msize. EINVAL for what no count can be. */
    static int count(TreeRequest r, long offset, int asked) throws FsException {
        if (asked < 0 || offset < 0 || offset + asked < 0) {
            throw new FsException(Errno.EINVAL);
        }
        return Math.min(asked, r.msize - DATA_HEADER);
    }

    /** Begins an Rread or Rreaddir, with room for its data behind its head, where the writer index stands. */
    static ByteBuf dataFrame(int count) {
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(DATA_HEADER + count);
        return out.writerIndex(DATA_HEADER);
    }

    /** Writes the head over data that ends at the writer index. A frame that is far too large for it is cut to size. */
    static ByteBuf endData(ByteBuf frame, MessageType type, int tag) {
        ByteBuf out = frame;
        int size = frame.writerIndex();
        if (size < frame.capacity() / 2) {
            out = ByteBufAllocator.DEFAULT.buffer(size).writeBytes(frame, 0, size);
            frame.release();
        }
        return out.setIntLE(0, size).setByte(4, type.number()).setShortLE(5, tag)
                .setIntLE(Frame.HEADER, size - DATA_HEADER);
    }

    private ByteBuf read(TreeRequest r, Tread t) throws FsException {
        int count = count(r, t.offset(), t.count());
        return switch (r.fid.use) {
            case Use.AttributeRead(ByteBuffer value) -> {
                int from = (int) Math.min(t.offset(), value.limit());
                ByteBuffer part = value.slice(from, Math.min(count, value.limit() - from));
                yield r.reply(new Rread(Unpooled.wrappedBuffer(part)));
            }
            case Use.Opened opened when opened.listing() != null -> plain.readDirectory(r, opened, t.offset(), count);
            case Use.Opened opened when opened.directory() -> throw new FsException(Errno.EISDIR);
            case Use.Opened opened when opened.reads() -> readFile(r, opened, t.offset(), count);
            default -> throw new FsException(Errno.EBADF);
        };
    }

    /** Reads straight into the reply. */
    private static ByteBuf readFile(TreeRequest r, Use.Opened opened, long offset, int count) throws FsException {
        return readInto(r, count, into -> count == 0 ? 0 : opened.file().read(offset, into));
    }

    /** How data is read. */
    @FunctionalInterface
    private interface Reading {
        int into(ByteBuffer memory) throws FsException;
    }

    /** The reply with what was read, or null if that would have meant to wait. */
    private static ByteBuf readInto(TreeRequest r, int count, Reading reading) throws FsException {
        ByteBuf out = dataFrame(count);
        int got = OpenFile.WOULD_WAIT;
        try {
            got = reading.into(out.nioBuffer(DATA_HEADER, count));
        } finally {
            if (got < 0) {
                out.release();
            }
        }
        return got < 0 ? null : endData(out.writerIndex(DATA_HEADER + got), MessageType.RREAD, r.tag);
    }

    /** Whether {@link #readAtOnce} is worth a try. On the event loop. */
    public boolean mayReadAtOnce(TreeRequest r) {
        return r.fid.use instanceof Use.Opened opened && opened.reads() && !opened.directory()
                && r.fid.isAsAdmitted() && opened.file().mayReadAtOnce();
    }

    /** Whether {@link #writeAtOnce} is worth a try. On the event loop. */
    public boolean mayWriteAtOnce(TreeRequest r) {
        return writes.mayDoAtOnce(r);
    }

    /** Answers a Twrite to what is in memory; null if a worker has to do it. On the event loop. */
    public ByteBuf writeAtOnce(TreeRequest r) throws FsException {
        return writes.atOnce(r);
    }

    /** Answers a Tread from memory; null if a worker has to do it. On the event loop. */
    public ByteBuf readAtOnce(TreeRequest r) throws FsException {
        Tread t = (Tread) Tmessage.readChecked(r.frame);
        int count = count(r, t.offset(), t.count());
        OpenFile file = r.fid.opened().file();
        return readInto(r, count, into -> count == 0 ? 0 : file.readAtOnce(t.offset(), into));
    }

    private ByteBuf clunk(TreeRequest r) throws FsException {
        end(r.fid);
        return r.reply(new Rclunk());
    }

    private ByteBuf remove(TreeRequest r) throws FsException {
        TreeFid fid = r.fid;
        try {
            fid.requireFile();
            requireWritable(MessageType.TREMOVE, fid.area);
            fid.requireBelowTop();
            fid.area.requireHolds(fid.node);
            fid.node.remove();
        } finally {
            release(fid);
        }
        return r.reply(new Rremove());
    }

    /** Ends a fid: sets the extended attribute that it was for, or removes the file if it was opened for that. */
    private void end(TreeFid fid) throws FsException {
        try {
            switch (fid.use) {
                case Use.AttributeWrite(NewAttribute attribute) -> {
                    requireWritable(MessageType.TCLUNK, fid.area);
                    fid.area.requireAttributes();
                    fid.requireNotLapsed();
                    fid.area.requireHolds(fid.node);
                    attribute.apply(fid.node);
                }
                case Use.Opened opened when opened.removeOnClose() -> removeOnClose(fid);
                default -> {
                    // Closing is all.
                }
            }
        } finally {
            release(fid);
        }
    }

    private void removeOnClose(TreeFid fid) {
        Event.Change removal = journal == null ? null : Journal.removal(fid);
        String errno = "";
        try {
            requireWritable(MessageType.TCLUNK, fid.area);
            fid.requireNotLapsed();
            fid.requireBelowTop();
            fid.area.requireHolds(fid.node);
            fid.node.remove();
        } catch (FsException e) {
            // It is gone already, or may not be removed (any more): a clunk succeeds all the same (open(5)).
            LOG.debug("a file to be removed when closed stays: {}", e.getMessage());
            errno = e.name();
        }
        if (removal != null) {
            trail.note(removal.ended(errno));
        }
    }

    private void release(TreeFid fid) {
        attributes.released(fid.use);
        fid.close();
    }

    /** Ends a fid that its far side has left behind. An attribute that was not clunked is not set. */
    public void hangUp(TreeFid fid) {
        if (fid.use instanceof Use.Opened opened && opened.removeOnClose()) {
            removeOnClose(fid);
        }
        release(fid);
    }
}
