package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Treaddir: a directory that has been read to its end is told from here. A reading that has begun here goes on with what it
 * began with, whatever happens to the directory meanwhile, as one of the far side does.
 */
final class DirectoryRequests {
    private static final int WANT = LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES;

    private final CachedClient client;
    private final TreesAhead trees;
    private final Holder holder;

    DirectoryRequests(CachedClient client, TreesAhead trees) {
        this.client = client;
        this.trees = trees;
        this.holder = client.holder;
    }

    void take(Pending request) {
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        long offset = Frame.int64(request.frame(), Frame.HEADER + 4);
        if (offset == 0) {
            fid.reading = null;
            fid.listing = fid.isOpen() && Lease.answers(fid.lease(), LeaseKinds.NAMES) ? fid.lease().listing() : null;
            fid.load = fid.listing == null && fid.isOpen() && fid.qid != null ? load(fid) : null;
        }
        answer(fid, request);
        if (offset == 0 && fid.qid != null && (fid.listing != null || fid.load != null)) {
            trees.comesTo(fid, List.of(), fid.qid, fid.name, fid.listing != null);
        }
    }

    /** What asks for a directory at once; null if that is not to be. */
    private DirectoryLoad load(LocalFid fid) {
        DirectoryLoad load = fid.name.load;
        if (load != null) {
            return load.mayBeJoined() ? load : null;
        }
        boolean mayBe = fid.lease() != null && !fid.name.isPiecemeal && client.far.isWritable();
        return mayBe ? DirectoryLoad.ask(fid, List.of(), fid.qid, fid.name).first(fid) : null;
    }

    /** Answers from what is known, or as soon as it is, or has the far side do it. */
    void answer(LocalFid fid, Pending request) {
        long offset = Frame.int64(request.frame(), Frame.HEADER + 4);
        int count = Frame.int32(request.frame(), Frame.HEADER + 12);
        ByteBuf reply = fid.listing == null || !client.far.isWritable()
                ? null
                : fid.listing.reply(client.far.alloc(), offset, count);
        if (reply != null) {
            holder.used(fid.lease(), client.far);
            if (fid.lease() != null && fid.lease().listing() == fid.listing) {
                client.lend(request, fid.lease(), WANT);
            }
            request.answer(reply);
        } else if (fid.load != null && fid.load.isComing() && client.far.isWritable() && isNext(fid, offset)) {
            fid.load.join(fid, request, this::answer);
        } else {
            holder.missed();
            client.pass(request, fid, WANT, new Reading(request, fid, offset));
        }
    }

    private static boolean isNext(LocalFid fid, long offset) {
        return fid.listing == null ? offset == 0 : fid.listing == fid.load.listing() && fid.listing.last() == offset;
    }

    /** Waits for entries. */
    private final class Reading extends Ask {
        private final Pending request;
        private final LocalFid fid;
        private final long offset;

        Reading(Pending request, LocalFid fid, long offset) {
            super(DirectoryRequests.this.holder, fid.qid == null
                    ? null
                    : DirectoryRequests.this.holder.inode(fid.qid.path()), false);
            this.request = request;
            this.fid = fid;
            this.offset = offset;
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int got, long number) {
            if (type == MessageType.RREADDIR && isKept() && got != 0 && fid.qid != null && !fid.isStale()) {
                keep(fid.adopt(holder, got, number), reply);
            } else {
                fid.reading = null;
            }
            return client.replies.about(fid.fault(), reply);
        }

        private void keep(Lease lease, ByteBuf reply) {
            client.lend(request, lease, WANT);
            if (offset == 0) {
                fid.reading = new Listing();
                fid.readingBy = lease;
                fid.readingSince = lease.forgotten;
            }
            Listing reading = fid.reading;
            boolean goesOn = reading != null && reading.goesOn(offset) && fid.readingBy == lease
                    && fid.readingSince == lease.forgotten && lease.holds(LeaseKinds.NAMES);
            if (!goesOn || !reading.add(reply) || reading.bytes() > holder.mostOfFile()) {
                fid.reading = null;
            } else if (reading.isComplete()) {
                fid.reading = null;
                lease.listing(reading);
                holder.grown(lease);
            }
        }
    }
}
