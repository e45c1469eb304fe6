package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.lease.Grant;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rlist;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * An Rlist that is made on a worker, without the leases, and gets those on the loop: what is not leased then is taken out of it.
 */
public final class ListedReply {
    /** The place of the directory itself among its entries. */
    static final int SELF = -1;

    private static final int FIRST_BYTES = 4096;

    private final int limit;
    private final ByteBuf frame;
    private final List<Told> told = new ArrayList<>();

    /** What is told of a file: its place among the entries, where in the frame its lease stands, and what follows that. */
    private record Told(int index, int grantAt, int bytes, int kinds) {}

    /** Which leases come with what is told of a file. */
    @FunctionalInterface
    public interface Grants {
        /**
         * Is asked for each file once, in their order.
         *
         * @param kinds those that are to come, a sum of {@link dev.ninetunnel.wire.LeaseKinds}
         */
        Grant of(int index, int kinds);
    }

    /** Of at most so many bytes of entries. */
    ListedReply(int limit) {
        this.limit = limit;
        this.frame = ByteBufAllocator.DEFAULT.directBuffer(Math.min(FIRST_BYTES, Rlist.ENTRIES_AT + limit + 1),
                Rlist.ENTRIES_AT + limit + 1);
        frame.writeZero(Rlist.ENTRIES_AT);
    }

    private boolean isEmpty() {
        return frame.writerIndex() == Rlist.ENTRIES_AT;
    }

    /**
     * Adds an entry.
     *
     * @param file what is told of it; null for nothing
     * @return false if there is no room for it any more
     * @throws FsException EINVAL if there never was, for so much as its name
     */
    boolean add(DirectoryEntry entry, int index, ListedFile file) throws FsException {
        int bare = entry.bytes() + ListedEntry.GRANT_BYTES;
        int room = limit + Rlist.ENTRIES_AT - frame.writerIndex() - bare;
        if (room < 0 && isEmpty()) {
            throw new FsException(Errno.EINVAL);
        }
        int known = file == null ? 0 : file.bytes();
        int content = file == null ? 0 : file.contentBytes();
        if (room < 0 || (room < known + content && !isEmpty())) {
            return false;
        }
        entry.write(frame);
        int grantAt = frame.writerIndex();
        frame.writeZero(ListedEntry.GRANT_BYTES);
        if (file != null && known <= room) {
            int kinds = file.write(frame, known + content <= room);
            told.add(new Told(index, grantAt, frame.writerIndex() - grantAt - ListedEntry.GRANT_BYTES, kinds));
        }
        return true;
    }

    /** Ends it: the whole frame, which is the caller's. */
    ByteBuf end(int tag, boolean more) {
        int size = frame.writerIndex();
        return frame.setIntLE(0, size).setByte(4, MessageType.RLIST.number()).setShortLE(5, tag)
                .setBoolean(Rlist.MORE_AT, more).setIntLE(Rlist.MORE_AT + 1, size - Rlist.ENTRIES_AT);
    }

    void release() {
        frame.release();
    }

    /** Says in the frame, which its owner lends, what is leased, on the loop, before it leaves. */
    public void grant(Grant directory, Grants grants) {
        grant(Rlist.GRANT_AT, directory);
        int from = Rlist.ENTRIES_AT;
        int to = from;
        for (Told of : told) {
            Grant grant = of.index() == SELF ? directory : grants.of(of.index(), of.kinds());
            int next = of.grantAt() + ListedEntry.GRANT_BYTES;
            to = move(from, to, next - from);
            grant(to - ListedEntry.GRANT_BYTES, grant);
            from = grant.kinds() == 0 ? next + of.bytes() : next;
        }
        to = move(from, to, frame.writerIndex() - from);
        frame.writerIndex(to).setIntLE(0, to).setIntLE(Rlist.MORE_AT + 1, to - Rlist.ENTRIES_AT);
    }

    private void grant(int at, Grant grant) {
        frame.setByte(at, grant.kinds()).setLongLE(at + 1, grant.lease());
    }

    /** Moves bytes of the frame to the front, and returns where they end. */
    private int move(int from, int to, int length) {
        if (from != to) {
            frame.setBytes(to, frame, from, length);
        }
        return to + length;
    }
}
