package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.AheadBudget;
import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.cache.known.ReadingOrder;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Tlist;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Small files that are asked for with their content before the local client reads them, because it reads one after the other, as
 * their directory tells them or by name. How many bytes doubles whenever the client has to wait all the same, and halves when it
 * reads another one. They come as their directory tells them; where that is the other way round, as tmpfs does it, a run of them is asked
 * for that ends where the client is.
 */
final class FilesAhead {
    /** So many in a row begin to be followed by what is asked ahead. */
    private static final int MOST_ALONE = 2;
    private static final int FIRST_WINDOW = 64 << 10;

    private final CachedClient client;
    private final TreesAhead trees;
    private final Holder holder;
    private final List<Coming> coming = new ArrayList<>();
    /** In which files are read, and what was known of it then. */
    private Lease directory;
    private Listing listing;
    /** In the order in which they are asked for. */
    private List<Text> files = List.of();
    private boolean isReversed;
    private ReadingOrder order = new ReadingOrder(List.of());
    /** Behind the last that was asked for. */
    private int next;
    /** What was asked for and is not read, in bytes. */
    private final Map<Text, Long> unread = new HashMap<>();
    private long unreadBytes;
    private int inRow;
    private int window;

    FilesAhead(CachedClient client, TreesAhead trees) {
        this.client = client;
        this.trees = trees;
        this.holder = client.holder;
    }

    /** The client begins to read a file. */
    void comesTo(LocalFid fid, boolean isKnown) {
        LocalFid.Step file = fid.at;
        if (file == null) {
            return;
        }
        if (file.directory().listing() == null) {
            if (!isKnown) {
                trees.missed(fid);
            }
            return;
        }
        if (file.directory() != directory || directory.listing() != listing) {
            enter(file.directory());
        }
        if (file.name().equals(order.last())) {
            return;
        }
        boolean goesOn = order.comesTo(file.name());
        inRow = goesOn ? inRow + 1 : 1;
        if (!goesOn) {
            window /= 2;
        } else if (!isKnown && inRow >= MOST_ALONE) {
            window = Math.clamp(2L * window, FIRST_WINDOW, AheadBudget.MOST);
        }
        Long size = unread.remove(file.name());
        unreadBytes -= size == null ? 0 : size;
        client.readsFiles = window > 0;
        if (inRow >= MOST_ALONE) {
            face();
            fill();
        }
    }

    /** The files are asked for the other way round if what the client comes to next stands just before in the directory. */
    private void face() {
        List<Text> coming = order.next();
        if (coming.isEmpty()) {
            return;
        }
        Text here = order.last();
        Text there = coming.getFirst();
        int step = listing.between(here, there) - 1;
        boolean isNear = Math.abs(step) <= ReadingOrder.MOST_LEFT_OUT + 1;
        if (isNear && isReversed != step < 0) {
            isReversed = step < 0;
            files = files.reversed();
            next = 0;
        }
    }

    private void enter(Lease other) {
        directory = other;
        listing = other.listing();
        files = listing.files();
        isReversed = false;
        order = new ReadingOrder(files);
        next = 0;
        unread.clear();
        unreadBytes = 0;
    }

    /** Has a Tread wait for the content of its file, if that is on its way and may be kept (rule 11). */
    boolean join(LocalFid fid, Pending request) {
        for (Coming one : coming) {
            if (fid.at != null && one.isOf(fid.at)) {
                one.waiting.add(new Joined(client, fid, request));
                return true;
            }
        }
        return false;
    }

    // ---- asking

    /** Asks for what may be asked for, by the half so that one message brings many files. */
    private void fill() {
        if (unreadBytes > window / 2) {
            return;
        }
        LocalFid fid = place();
        while (fid != null && unreadBytes < window) {
            while (next < files.size() && size(next) < 0) {
                next++;
            }
            if (next == files.size()) {
                return;
            }
            int from = next;
            long bytes = 0;
            long content = 0;
            int most = client.far.mostEntries();
            while (next < files.size() && unreadBytes + content < window && bytes + cost(next) <= most) {
                bytes += cost(next);
                content += Math.max(0, size(next));
                next++;
            }
            if (!ask(fid, from, bytes)) {
                next = from;
                return;
            }
            for (int i = from; i < next; i++) {
                if (size(i) > 0) {
                    unread.put(files.get(i), size(i));
                }
            }
            unreadBytes += content;
        }
    }

    /** Where the directory is, to which the client comes by that if it has been elsewhere since it looked at it; or null. */
    private LocalFid place() {
        LocalFid known = trees.fid(directory);
        LocalFid own = known == null ? client.fidOf(directory) : null;
        if (own != null && own.qid != null) {
            trees.comesTo(own, List.of(), own.qid, own.name, true);
            known = trees.fid(directory);
        }
        return known;
    }

    /** Bytes of content that are to be asked for; -1 if there is nothing to be asked of this one. */
    private long size(int index) {
        Name name = directory.names().get(files.get(index));
        if (name == null || name.lease == null || name.lease.attributes() == null) {
            return -1;
        }
        long size = ReadRequests.size(name.lease.attributes());
        boolean isKnown = files.get(index).equals(order.last()) || (Lease.answers(name.lease, LeaseKinds.DATA)
                && name.lease.contents().covers(0, 1));
        int most = Math.min(Entries.MOST_CONTENT, client.far.mostEntries() / 2);
        return size > 0 && size <= most && !isKnown ? size : -1;
    }

    /** Bytes of an entry with its content; 0 if it is not asked for. */
    private long cost(int index) {
        long size = size(index);
        return size < 0
                ? 0
                : Listing.BYTES_OF_ENTRY + files.get(index).length() + ListedEntry.GRANT_BYTES
                        + ListedEntry.ATTRIBUTE_BYTES + 2 + 1 + 1 + Integer.BYTES + size;
    }

    private boolean ask(LocalFid fid, int from, long bytes) {
        Text first = files.get(isReversed ? next - 1 : from);
        Text last = files.get(isReversed ? from : next - 1);
        // What lies between the files that are wanted comes, too.
        int count = (int) Math.min(client.far.mostEntries(), listing.between(first, last)
                * (long) (Listing.BYTES_OF_ENTRY + ListedEntry.ATTRIBUTE_BYTES) + bytes);
        if (!client.far.isWritable() || !client.ahead.take(count)) {
            return false;
        }
        FarFids.Place place = client.farFids.place(fid, Text.EMPTY);
        ByteBuf frame = client.far.alloc().buffer(64);
        new Tlist(place.fid(), place.name(), listing.before(first), count, Entries.MOST_CONTENT, List.of())
                .write(frame, 0);
        Coming asked = new Coming(count, files.subList(from, next));
        coming.add(asked);
        client.far.ask(frame, MessageType.TLIST, 0, asked);
        return true;
    }

    /** Waits for some of them. */
    private final class Coming extends Entries {
        private final Lease of;
        private final int count;
        private final List<Text> names;
        private final List<Joined> waiting = new ArrayList<>(1);

        Coming(int count, List<Text> names) {
            super(FilesAhead.this.holder, directory.inode, List.of());
            this.of = directory;
            this.count = count;
            this.names = names;
        }

        boolean isOf(LocalFid.Step file) {
            return file.directory() == of && isKept() && names.contains(file.name());
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int none, long nothing) {
            try {
                if (type == MessageType.RLIST && isKept() && of.live && says(reply)) {
                    List<Entry> entries = entries(reply);
                    keep(of, entries, reply);
                    seek(entries);
                }
            } catch (MalformedMessageException e) {
                window = 0;
            } finally {
                reply.release();
            }
            over();
            return null;
        }

        /** The far side may tell fewer at a time: the rest is asked for again. */
        private void seek(List<Entry> entries) {
            Set<Text> told = entries.stream().map(entry -> entry.listed().entry().name()).collect(Collectors.toSet());
            boolean isStill = of == directory && of.listing() == listing;
            Text first = names.stream().filter(name -> !told.contains(name)).findFirst().orElse(null);
            if (isStill && first != null && names.stream().anyMatch(told::contains)) {
                next = Math.min(next, files.indexOf(first));
            }
        }

        private boolean says(ByteBuf reply) {
            int at = reply.readerIndex() + Rlist.GRANT_AT;
            return (reply.getByte(at) & LeaseKinds.NAMES) != 0 && reply.getLongLE(at + 1) == of.number;
        }

        @Override
        void gone() {
            over();
        }

        private void over() {
            coming.remove(this);
            client.ahead.give(count);
            waiting.forEach(Joined::goOn);
        }
    }
}
