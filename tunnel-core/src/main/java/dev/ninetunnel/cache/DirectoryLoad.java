package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Tlist;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A directory that is asked for at once: page after page, its entries with all that is asked of files that are looked at. It is
 * given up where the far side does not tell it, where it changes meanwhile, and where it is too large to be kept; what waits for it
 * then asks for itself, and goes on with the same cookies.
 */
final class DirectoryLoad {
    private static final Text HERE = Text.of(".");
    private static final int MOST_ENTRIES = 1 << 16;

    /** A Treaddir that waits for entries. */
    private record Waiting(LocalFid fid, Joined joined, BiConsumer<LocalFid, Pending> then) {}

    /** What it asks for besides. */
    enum With {
        NOTHING,
        /** The content of small files, as far as there is room for it beside the first entries. */
        CONTENT
    }

    private final CachedClient client;
    private final Holder holder;
    /** Of our own: the directory, or the one in which it has the name {@link #child}. */
    private final LocalFid from;
    private final Text child;
    private final Qid qid;
    private final Name name;
    private final With with;
    /** For whom it was asked: that one is shown what comes even if it may not be kept. Null if for nobody. */
    private LocalFid first;
    private final List<Waiting> waiting = new ArrayList<>(1);
    /** What has come; null before, and where that is not for others to see. */
    private Listing listing;
    private Lease lease;
    private int forgotten;
    private long bytes;
    private Page coming;
    private Runnable whenOver;

    private DirectoryLoad(CachedClient client, LocalFid from, Text child, Qid qid, Name name, With with) {
        this.client = client;
        this.holder = client.holder;
        this.from = from;
        this.child = child;
        this.qid = qid;
        this.name = name;
        this.with = with;
        name.load = this;
        client.loads.add(this);
    }

    /** Asks for a directory, to which these names lead from a fid, each of which was known. */
    static DirectoryLoad ask(LocalFid at, List<LocalFid.Step> names, Qid qid, Name name) {
        CachedClient client = at.client;
        DirectoryLoad load = new DirectoryLoad(client, client.farFids.shadow(at, names, qid, name), Text.EMPTY, qid,
                name, With.NOTHING);
        load.ask(0);
        return load;
    }

    /** Asks for a directory by its name in another, before anybody has asked for it. {@code whenOver} runs when nothing more comes. */
    static DirectoryLoad ahead(LocalFid parent, Text child, Name name, With with, Runnable whenOver) {
        CachedClient client = parent.client;
        DirectoryLoad load = new DirectoryLoad(client,
                client.farFids.shadow(parent, List.of(), parent.qid, parent.name), child, name.qid, name, with);
        load.whenOver = whenOver;
        load.ask(0);
        return load;
    }

    /** It is asked for because this client's fid is read. */
    DirectoryLoad first(LocalFid fid) {
        first = fid;
        return this;
    }

    boolean isComing() {
        return coming != null;
    }

    /** Whether who asks now may be answered by it (rule 11). */
    boolean mayBeJoined() {
        return coming != null && (coming.isKept() || !holder.obeys(Rule.JOIN_ONLY_KEPT_ASKS));
    }

    /** What has come so far, and may be shown to anybody who waited; or null. */
    Listing listing() {
        return listing;
    }

    /** Has a Treaddir wait for what comes next; {@code then} deals with it. */
    void join(LocalFid fid, Pending request, BiConsumer<LocalFid, Pending> then) {
        waiting.add(new Waiting(fid, new Joined(client, fid, request), then));
    }

    /** The client has left. */
    void end() {
        if (client.loads.remove(this)) {
            name.load = null;
            client.farFids.end(from);
            if (whenOver != null) {
                whenOver.run();
            }
        }
    }

    // ---- asking

    private void ask(long offset) {
        FarFids.Place place = client.farFids.place(from, child);
        List<Text> attributes = client.attributes.names();
        ByteBuf frame = client.far.alloc().buffer(256);
        int data = with == With.CONTENT && offset == 0 ? Entries.MOST_CONTENT : 0;
        new Tlist(place.fid(), place.name(), offset, client.far.mostEntries(), data, attributes).write(frame, 0);
        coming = new Page(offset, attributes);
        client.far.ask(frame, MessageType.TLIST, 0, coming);
    }

    // ---- what comes

    /** Whether the leases are those of this directory, and were held from the first page on. */
    private boolean mayKeep(int got, long number, long offset) {
        boolean goesOn = offset == 0
                || (lease != null && lease.live && lease.number == number && lease.forgotten == forgotten);
        return goesOn && (got & LeaseKinds.NAMES) != 0;
    }

    private boolean isTooLarge() {
        return listing.size() > MOST_ENTRIES || bytes > holder.mostOfFile();
    }

    /** Nothing more comes. */
    private void over(boolean whole) {
        name.isPiecemeal |= !whole;
        end();
    }

    /** Those who waited are told, or go on by themselves; those who came later only if what has come may be kept. */
    private void tell(Listing told) {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        for (Waiting one : all) {
            Pending request = one.joined.end();
            if (request != null) {
                if (one.fid.listing == null && (told == listing || one.fid == first)) {
                    one.fid.listing = told;
                }
                one.then.accept(one.fid, request);
            }
        }
        client.goOn();
    }

    /** Waits for some of the entries. */
    private final class Page extends Entries {
        private final long offset;

        Page(long offset, List<Text> attributes) {
            super(DirectoryLoad.this.holder, DirectoryLoad.this.holder.inode(qid.path()), attributes);
            this.offset = offset;
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int none, long nothing) {
            coming = null;
            Listing told = listing;
            try {
                if (type == MessageType.RLIST) {
                    told = read(reply);
                } else {
                    over(false);
                }
            } catch (MalformedMessageException e) {
                over(false);
            } finally {
                reply.release();
            }
            tell(told);
            return null;
        }

        private Listing read(ByteBuf reply) {
            int got = reply.getUnsignedByte(reply.readerIndex() + Rlist.GRANT_AT);
            long number = reply.getLongLE(reply.readerIndex() + Rlist.GRANT_AT + 1);
            boolean isLast = reply.getByte(reply.readerIndex() + Rlist.MORE_AT) == 0;
            List<Entries.Entry> entries = entries(reply);
            if (offset == 0 && !isOf(entries, got, number)) {
                throw new MalformedMessageException("the entries are of another directory than was asked for");
            }
            boolean kept = isKept() && !isBroken(number) && mayKeep(got, number, offset);
            if (kept && offset == 0) {
                name.lease = holder.granted(number, inode, got);
                lease = name.lease;
                forgotten = lease.forgotten;
            }
            Listing into = offset == 0 ? new Listing() : listing;
            boolean whole = entries.stream().allMatch(entry -> into.add(reply, entry.at(), entry.listed().entry()));
            if (!kept || !whole) {
                over(whole);
                return into;
            }
            listing = into;
            bytes += keep(lease, entries, reply);
            goOn(isLast, entries.isEmpty());
            return into;
        }

        /** Whether they are those of this directory: a name may lead elsewhere by now, as "." among them, or the lease, tells. */
        private boolean isOf(List<Entries.Entry> entries, int got, long number) {
            boolean isThere = from.far == null ? from.steps.isEmpty() && !from.base.failed : !from.far.failed;
            boolean isSure = child.isEmpty() && isThere;
            boolean isLeased = name.lease != null && got != 0 && name.lease.live && name.lease.number == number;
            return isSure || isLeased || entries.stream().map(entry -> entry.listed().entry())
                    .anyMatch(entry -> entry.name().equals(HERE) && entry.qid().path() == qid.path());
        }

        private void goOn(boolean isLast, boolean isEmpty) {
            if (isLast) {
                listing.complete();
                lease.listing(listing);
                holder.grown(lease);
                over(true);
            } else if (isEmpty || isTooLarge()) {
                over(false);
            } else {
                DirectoryLoad.this.ask(listing.last());
            }
        }

        @Override
        void gone() {
            coming = null;
            over(true);
            tell(listing);
        }
    }
}
