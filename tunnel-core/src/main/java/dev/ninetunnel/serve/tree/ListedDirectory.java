package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Tlist;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A directory that is listed with what is leased of its files (Tlist), in steps that workers do one after the other: it is
 * found, its names are read, its files are looked at. Between them the loop has the owner of the leases register what the next
 * step reads.
 */
public final class ListedDirectory {
    private static final int MOST_ATTRIBUTES = 16;
    /** Files that one request looks at, so that it takes a part of the leases that a peer may have. */
    private static final int MOST_ENTRIES = 1024;
    /** After so long, no further file is looked at: a worker is not kept from others by a directory on a slow disk. */
    private static final long ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int BARE_BYTES = Qid.BYTES + 8 + 1 + 2 + ListedEntry.GRANT_BYTES;

    private final TreeRequest r;
    private final Tlist asked;
    private final Permission permission;
    private final Walk walk;
    private final ListedFiles files;
    private final int limit;
    private final List<Name> names = new ArrayList<>();
    private boolean atEnd = true;
    /** What the names read so far take at least. */
    private long bytes;
    /** Its own, but for that of the request. */
    private TreeFid directory;
    /** What it looked like before its names were read. */
    private Attributes self;
    private ListedReply reply;

    /** Refuses what may not be asked, or not any more. */
    @FunctionalInterface
    interface Permission {
        void require() throws FsException;
    }

    /**
     * A name in the directory.
     *
     * @param id what it leads to by what the directory says
     */
    record Name(Text text, FileId id, long cookie) {
        boolean isSelf() {
            return EntryNames.isSelf(text);
        }
    }

    /** Has a file seen, before anything is read of it, and tells what it looks like; null if it cannot be leased. */
    @FunctionalInterface
    public interface Sight {
        /** On a worker. */
        Attributes look(Node file);
    }

    ListedDirectory(TreeRequest r, Tlist asked, Permission permission, Walk walk, ListedFiles files) {
        this.r = r;
        this.asked = asked;
        this.permission = permission;
        this.walk = walk;
        this.files = files;
        this.limit = (int) Math.min(Integer.toUnsignedLong(asked.count()), r.msize - Rlist.ENTRIES_AT);
        this.directory = asked.name().isEmpty() ? r.fid : null;
    }

    /** Whether it is known which one is meant. */
    public boolean isFound() {
        return directory != null;
    }

    /** Finds it by its name, on a worker; {@link #found} is to follow. */
    public TreeFid find() throws FsException {
        permission.require();
        r.fid.requireFile();
        r.fid.area.requireHolds(r.fid.node);
        return walk.child(r.fid, asked.name());
    }

    /** It is this one. */
    public void found(TreeFid child) {
        directory = child;
    }

    /** What has been found, which the caller closes when all is over; null if the request's own fid is listed. */
    public TreeFid toClose() {
        return directory == r.fid ? null : directory;
    }

    /** What it is. */
    public FileId id() {
        return directory.node.id();
    }

    /** Reads its names, on a worker. */
    public void readNames(Sight sight) throws FsException {
        permission.require();
        directory.requireFile();
        directory.area.requireHolds(directory.node);
        if (asked.attributes().size() > MOST_ATTRIBUTES) {
            throw new FsException(Errno.EINVAL);
        }
        if (id().kind() != FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR);
        }
        try (OpenFile file = directory.node.open(OpenHow.READ)) {
            self = sight.look(directory.node);
            if (self == null) {
                throw new FsException(Errno.EOPNOTSUPP);
            }
            file.list(asked.offset(), this::take);
        }
    }

    private boolean take(byte[] name, FileId id, long cookie) {
        bytes += BARE_BYTES + name.length + files.leastBytes();
        atEnd = names.isEmpty() || (names.size() < MOST_ENTRIES && bytes <= limit);
        return atEnd && names.add(new Name(Text.of(name), LinuxMessages.shown(directory, name, id), cookie));
    }

    /** What the names lead to, in their order; null for what is no file in the directory, and for the directory itself. */
    public List<FileId> ids() {
        List<FileId> ids = new ArrayList<>(names.size());
        for (Name name : names) {
            boolean dots = name.isSelf() || EntryNames.isParent(name.text());
            ids.add(dots ? null : name.id());
        }
        return ids;
    }

    /**
     * Looks at the files, on a worker, and makes the frame of the reply, which belongs to the caller.
     *
     * @param sights of each file, in the order of {@link #ids}; null for those of which nothing is to be told
     * @param clock in nanoseconds
     */
    public ByteBuf read(List<Sight> sights, LongSupplier clock) throws FsException {
        permission.require();
        directory.area.requireHolds(directory.node);
        reply = new ListedReply(limit);
        try {
            long begun = clock.getAsLong();
            int read = 0;
            while (read < names.size() && (read == 0 || (clock.getAsLong() - begun < ENOUGH_NANOS && !r.isGivenUp()))
                    && read(read, names.get(read).isSelf() ? _ -> self : sights.get(read))) {
                read++;
            }
            return reply.end(r.tag, read < names.size() || !atEnd);
        } catch (FsException | RuntimeException | Error e) {
            reply.release();
            throw e;
        }
    }

    private boolean read(int index, Sight sight) throws FsException {
        Name name = names.get(index);
        try (ListedFile file = sight == null ? null : files.look(directory, name, sight)) {
            return reply.add(files.entry(name), name.isSelf() ? ListedReply.SELF : index, file);
        }
    }

    /** The reply, once {@link #read} has made it. */
    public ListedReply reply() {
        return reply;
    }
}
