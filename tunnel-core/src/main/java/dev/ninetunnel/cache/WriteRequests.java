package dev.ninetunnel.cache;

import dev.ninetunnel.cache.behind.FileWrites;
import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Twrite and Tfsync: who holds a file exclusively is told that a write is done when it has been sent. What goes wrong with it is told at the
 * next write, at a write of no bytes, which waits for all before it, and at fsync.
 */
final class WriteRequests {
    private static final int OFFSET_AT = Frame.HEADER + 4;
    private static final int DATA_AT = Amount.COUNT_AT + Integer.BYTES;
    /** Of Tbehind: lease[8] stands before what it has in common with Twrite. */
    private static final int BEHIND_HEADER = DATA_AT + Long.BYTES;
    /** Data of up to so many bytes are copied, which costs less than a second buffer. */
    private static final int COPIED = 4096;

    private final CachedClient client;
    private final Holder holder;

    WriteRequests(CachedClient client) {
        this.client = client;
        this.holder = client.holder;
    }

    // ---- Twrite

    void write(Pending request) {
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        if (fid.writeError != 0) {
            // Whether a program hears what is asked by a write of no bytes, only its client knows.
            request.answer(client.replies.error(count(request) == 0 ? fid.writeError : fid.tellWriteError()));
        } else if (count(request) == 0 && client.mayWriteBehind(fid)) {
            flush(request, fid);
        } else if (!client.mayWriteBehind(fid) || !take(request, fid)) {
            new Change(client, request).begin();
        }
    }

    private static int count(Pending request) {
        return Frame.int32(request.frame(), Amount.COUNT_AT);
    }

    /** Whether it is written behind, now or when there is room, or is to wait for what says whether it may be. */
    private boolean take(Pending request, LocalFid fid) {
        if (fid.along != null && fid.along.join(fid, request)) {
            return true;
        }
        if (!isGood(request, fid)) {
            return false;
        }
        Inode inode = holder.inode(fid.qid.path());
        FileWrites writes = inode.writes == null ? new FileWrites(holder.writesBehind, inode.path) : inode.writes;
        inode.writes = writes;
        if (writes.mayTake(fid, count(request))) {
            behind(request, fid, inode);
        } else {
            Joined joined = new Joined(client, fid, request);
            holder.await(
                    () -> !joined.isWaiting() || !isGood(request, fid) || writes.mayTake(fid, count(request)), () -> {
                        holder.tidy(inode);
                        joined.goOn();
                    });
        }
        return true;
    }

    /** Whether nobody else knows anything of the file, nor is about to, and nothing but writes behind is under way there. */
    private boolean isGood(Pending request, LocalFid fid) {
        Lease lease = fid.lease();
        if (!holder.obeys(Rule.WRITE_BEHIND_NEEDS_W)) {
            return true;
        }
        long offset = Frame.int64(request.frame(), OFFSET_AT);
        boolean isInRange = count(request) > 0 && offset >= 0 && offset + count(request) >= 0;
        return isInRange && client.far.mayAskNow() && lease != null && lease.isExclusive()
                && lease.isGood(LeaseKinds.EXCLUSIVE)
                && lease.inode.path == fid.qid.path() && lease.inode.changes.isEmpty()
                && lease.inode.leases.stream()
                        .allMatch(each -> each.isSettled() && each.isLentToNobodyBut(client.loans)
                                && !each.isStopped());
    }

    private void behind(Pending request, LocalFid fid, Inode inode) {
        int count = count(request);
        Lease lease = fid.lease();
        inode.writes.sent(fid, count);
        fid.sentBehind++;
        holder.ownChanges.touch(inode);
        List.copyOf(inode.leases).forEach(each -> holder.changed(each, true));
        holder.used(lease, client.far);
        client.far.askNow(frame(request.frame(), fid, lease), MessageType.TBEHIND, 0,
                new Behind(fid, inode, count));
        request.answer(client.replies.written(count));
    }

    /** The same as a Tbehind, whose data are those of the request. */
    private ByteBuf frame(ByteBuf write, LocalFid fid, Lease lease) {
        int length = write.readableBytes() - DATA_AT;
        boolean copied = length <= COPIED;
        ByteBuf head = client.far.alloc().buffer(BEHIND_HEADER + (copied ? length : 0));
        head.writeIntLE(BEHIND_HEADER + length).writeByte(MessageType.TBEHIND.number()).writeShortLE(0)
                .writeLongLE(lease == null ? 0 : lease.number).writeIntLE(fid.far.number)
                .writeLongLE(Frame.int64(write, OFFSET_AT)).writeIntLE(length);
        int at = write.readerIndex() + DATA_AT;
        return copied
                ? head.writeBytes(write, at, length)
                : client.far.alloc().compositeBuffer(2).addComponent(true, head)
                        .addComponent(true, write.retainedSlice(at, length));
    }

    /** Waits for the far side. The program has its answer. */
    private final class Behind implements Asked {
        private final LocalFid fid;
        private final Inode inode;
        private final int count;
        private final long at;

        Behind(LocalFid fid, Inode inode, int count) {
            this.fid = fid;
            this.inode = inode;
            this.count = count;
            this.at = holder.now();
        }

        @Override
        public ByteBuf answered(MessageType type, ByteBuf reply, int none, long nothing) {
            holder.heard(at);
            over(error(type, reply));
            reply.release();
            return null;
        }

        private int error(MessageType type, ByteBuf reply) {
            int told = Frame.int32(reply, Frame.HEADER);
            if (type != MessageType.RBEHIND) {
                return type == MessageType.RLERROR && told != 0 ? told : Errno.EIO.number();
            }
            // What does not fit is left out (write(2)).
            return told == count ? 0 : Errno.ENOSPC.number();
        }

        private void over(int errno) {
            inode.writes.answered(fid, count, errno);
            fid.doneBehind++;
            if (errno != 0) {
                holder.writeFailed(inode, errno);
                List.copyOf(inode.leases).forEach(lease -> lease.recallBut(null));
                List.copyOf(inode.leases).forEach(holder::forget);
            }
            if (!inode.isBehind()) {
                List.copyOf(inode.leases).forEach(holder::settled);
            }
            holder.tidy(inode);
            holder.fidAnswered();
        }

        @Override
        public void lost() {
            over(Errno.EIO.number());
        }
    }

    // ---- who waits for them

    /** A write of no bytes: all that was written by this fid has been carried out, or that is told. Others are not held up by it. */
    private void flush(Pending request, LocalFid fid) {
        boolean[] dropped = new boolean[1];
        request.park(() -> dropped[0] = true);
        long upTo = fid.sentBehind;
        holder.await(() -> dropped[0] || fid.doneBehind >= upTo, () -> {
            if (!dropped[0]) {
                request.answer(fid.writeError == 0
                        ? client.replies.written(0)
                        : client.replies.error(fid.writeError));
            }
        });
    }

    /** Has a request wait until the far side has all that is written behind to its files (rule 19). Returns whether it waits. */
    boolean join(Pending request) {
        if (!holder.isBehind()) {
            return false;
        }
        for (LocalFid fid : client.named(request)) {
            if (fid != null && fid.isUnknown() && holder.isBehind() && client.awaits(request.type())) {
                Joined joined = new Joined(client, fid, request);
                holder.await(() -> !joined.isWaiting() || !fid.isUnknown() || !holder.isBehind(), joined::goOn);
                return true;
            }
            Inode inode = holder.behind(fid);
            if (inode != null && inode.isBehind() && client.awaits(request.type())) {
                FileWrites writes = inode.writes;
                writes.await();
                if (request.type() == MessageType.TFSYNC) {
                    writes.hears(fid);
                }
                Joined joined = new Joined(client, fid, request);
                holder.await(() -> !joined.isWaiting() || !inode.isBehind(), () -> {
                    writes.awaitNoMore();
                    joined.goOn();
                    holder.fidAnswered();
                });
                return true;
            }
        }
        return false;
    }

    void fsync(Pending request) {
        if (join(request)) {
            return;
        }
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        if (fid.writeError == 0 && fid.qid != null) {
            fid.failed(holder.writesBehind.tell(fid.qid.path()));
        }
        int ofOthers = fid.tellOthersError();
        if (fid.writeError != 0) {
            request.answer(client.replies.error(fid.tellWriteError()));
        } else if (ofOthers != 0) {
            request.answer(client.replies.error(ofOthers));
        } else {
            new Passing(client, request).begin();
        }
    }
}
