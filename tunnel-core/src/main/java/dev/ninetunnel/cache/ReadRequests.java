package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.ReadOnly;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/** Tread: files that are small beside the cache are kept, the data of others is passed on as it comes. */
final class ReadRequests {
    private static final int TOLD = LeaseKinds.ATTRIBUTES | LeaseKinds.DATA;
    private static final int OFFSET_AT = Frame.HEADER + 4;
    private static final int COUNT_AT = OFFSET_AT + Long.BYTES;
    /** So many sequential reads begin to be followed by what is asked ahead; one more if another is under way. */
    private static final int MOST_ALONE = 2;
    /** A client with more reads than this under way reads ahead by itself. */
    private static final int MOST_AT_ONCE = 2;
    /** In the body of Rgetattr, behind valid[8] qid[13] mode[4] uid[4] gid[4] nlink[8] rdev[8]. */
    private static final int SIZE_AT = 8 + Qid.BYTES + 12 + 16;

    private final CachedClient client;
    private final FilesAhead files;
    private final Holder holder;

    ReadRequests(CachedClient client, FilesAhead files) {
        this.client = client;
        this.files = files;
        this.holder = client.holder;
    }

    void take(Pending request) {
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        long offset = Frame.int64(request.frame(), OFFSET_AT);
        int count = Frame.int32(request.frame(), COUNT_AT);
        if (offset < 0 || count < 0 || offset + count < 0) {
            // The far side says what that means.
            holder.missed();
            client.pass(request, fid, 0, new Reading(request, fid, offset, count));
            return;
        }
        Lease lease = fid.lease();
        if (fid.ahead != null && fid.ahead.take(request, offset, count)) {
            fid.next = Math.max(fid.next, offset + count);
            return;
        }
        fid.ahead = null;
        boolean isKnown = fid.isOpen() && Lease.answers(lease, LeaseKinds.DATA)
                && lease.contents().covers(offset, count);
        if (offset == 0 && isFile(fid)) {
            files.comesTo(fid, isKnown);
        }
        if (!isKnown && isFile(fid) && files.join(fid, request)) {
            return;
        }
        boolean goesOn = see(fid, offset, count);
        if (isKnown && client.far.isWritable()) {
            holder.used(lease, client.far);
            client.lend(request, lease, TOLD);
            request.answer(lease.contents().reply(client.far.alloc(), offset, count));
        } else if (isWorthKeeping(fid, offset, count)) {
            holder.missed();
            client.pass(request, fid, LeaseKinds.ATTRIBUTES | LeaseKinds.DATA,
                    new Reading(request, fid, offset, count));
        } else {
            holder.missed();
            client.pass(request, fid, 0, new Reading(request, fid, offset, count));
        }
        if (goesOn && fid.reads > 0 && fid.mayReadAhead) {
            fid.ahead = new ReadAhead(client, fid, fid.next, count, size(lease, Long.MAX_VALUE));
        }
    }

    private static boolean isFile(LocalFid fid) {
        return fid.qid != null && fid.qid.type() == Qid.FILE && fid.isOpen();
    }

    /**
     * Whether what follows this read is worth asking for ahead: it is not the first one in a row. Two of them may have changed
     * places, as a kernel that reads ahead with several threads sends them.
     */
    private static boolean see(LocalFid fid, long offset, int count) {
        long skipped = offset - fid.next;
        boolean isNear = Math.abs(skipped) <= (long) MOST_AT_ONCE * count;
        if (!isFile(fid) || (fid.flags & ReadOnly.ACCESS) != 0 || count == 0 || fid.reads >= MOST_AT_ONCE || !isNear) {
            fid.sequential = 0;
        }
        fid.sequential += skipped == 0 ? 1 : 0;
        fid.next = isNear ? Math.max(fid.next, offset + count) : offset + count;
        return fid.sequential >= MOST_ALONE + Math.min(fid.reads, 1);
    }

    private static long size(Lease lease, long unknown) {
        return lease == null || lease.attributes() == null ? unknown : size(lease.attributes());
    }

    private boolean isWorthKeeping(LocalFid fid, long offset, int count) {
        if (!isFile(fid)) {
            return false;
        }
        Lease lease = fid.lease();
        long size = size(lease, offset + count);
        long known = lease == null ? 0 : Math.max(lease.contents().least(), lease.contents().bytes() + count);
        return Math.max(size, known) <= holder.mostOfFile();
    }

    static long size(byte[] attributes) {
        long size = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            size = size << 8 | (attributes[SIZE_AT + i] & 0xFF);
        }
        return size;
    }

    /** Waits for data. */
    private final class Reading extends Ask {
        private final Pending request;
        private final LocalFid fid;
        private final long offset;
        private final int count;

        Reading(Pending request, LocalFid fid, long offset, int count) {
            super(ReadRequests.this.holder,
                    fid.qid == null ? null : ReadRequests.this.holder.inode(fid.qid.path()), false);
            this.request = request;
            this.fid = fid;
            this.offset = offset;
            this.count = count;
            fid.reads++;
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int got, long number) {
            fid.reads--;
            if (type == MessageType.RREAD) {
                see(offset + Frame.int32(reply, Frame.HEADER));
            }
            if (type == MessageType.RREAD && isKept() && got != 0 && fid.qid != null && !fid.isStale()) {
                Lease lease = fid.adopt(holder, got, number);
                if (lease.holds(LeaseKinds.DATA)) {
                    lease.contents().add(offset, count, reply);
                    holder.grown(lease);
                    client.lend(request, lease, TOLD);
                }
            }
            return client.replies.about(fid.fault(), reply);
        }

        /** The file is at least so long: of one that is not worth keeping, its beginning is not either. */
        private void see(long end) {
            Lease lease = fid.lease();
            if (Lease.answers(lease, LeaseKinds.DATA)
                    && end > Math.max(holder.mostOfFile(), lease.contents().least())) {
                lease.contents().tooLong(end);
                holder.grown(lease);
            }
        }

        @Override
        void gone() {
            fid.reads--;
        }
    }
}
