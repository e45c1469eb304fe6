package dev.ninetunnel.cache;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a directory contained when it was read from its beginning, with the far side's cookies. Each entry of Rreaddir:
 *
 * <pre>
 *   qid[13] offset[8] type[1] name[s]
 * </pre>
 */
final class Listing {
    private static final int COOKIE_AT = 13;
    private static final int NAME_AT = COOKIE_AT + Long.BYTES + 1;

    /** Where the entry after each cookie begins. */
    private final Map<Long, Integer> after = new HashMap<>();
    private final Map<Text, Integer> names = new HashMap<>();
    private byte[] entries = new byte[0];
    private int size;
    private long last;
    private boolean complete;
    /** By which it is being read, and how often that had forgotten what it knew. */
    private final Lease lease;
    private final int forgotten;

    /** By no lease, if that is null. */
    Listing(Lease lease) {
        this.lease = lease;
        this.forgotten = lease == null ? 0 : lease.forgotten;
    }

    int size() {
        return names.size();
    }

    /** The cookie of the last entry. */
    long last() {
        return last;
    }

    /** All entries are there. */
    void complete() {
        complete = true;
        entries = Arrays.copyOf(entries, size);
    }

    /** Adds the entry at this offset of a message, whose shape is right. Returns false if its cookie or its name is there already. */
    boolean add(ByteBuf message, int at, DirectoryEntry entry) {
        if (after.containsKey(entry.offset()) || entry.offset() == 0 || names.putIfAbsent(entry.name(), size) != null) {
            return false;
        }
        room(entry.bytes());
        message.getBytes(at, entries, size, entry.bytes());
        size += entry.bytes();
        last = entry.offset();
        after.put(last, size);
        return true;
    }

    private void room(int more) {
        if (entries.length < size + more) {
            entries = Arrays.copyOf(entries, Math.max(size + more, 2 * entries.length));
        }
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether what a reply tells from this offset on goes on where it ends, by the lease by which it began. */
    boolean goesOn(Lease by, long offset) {
        return !complete && offset == last && by == lease && by.forgotten == forgotten;
    }

    /** Adds what Rreaddir, whose shape is right, tells. Returns whether that can be read. */
    boolean add(ByteBuf reply) {
        int count = Frame.int32(reply, Frame.HEADER);
        if (count == 0) {
            complete();
            return true;
        }
        room(count);
        reply.getBytes(reply.readerIndex() + Frame.HEADER + Integer.BYTES, entries, size, count);
        int end = size + count;
        while (size < end) {
            if (size + NAME_AT + 2 > end) {
                return false;
            }
            int length = length(size);
            if (size + length > end) {
                return false;
            }
            last = cookie(size);
            names.put(Text.of(Arrays.copyOfRange(entries, size + NAME_AT + 2, size + length)), size);
            size += length;
            after.put(last, size);
        }
        return true;
    }

    private int length(int at) {
        return NAME_AT + 2 + ((entries[at + NAME_AT] & 0xFF) | (entries[at + NAME_AT + 1] & 0xFF) << 8);
    }

    private long cookie(int at) {
        long cookie = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            cookie = cookie << 8 | (entries[at + COOKIE_AT + i] & 0xFF);
        }
        return cookie;
    }

    boolean contains(Text name) {
        return names.containsKey(name);
    }

    /** In bytes, roughly. */
    int bytes() {
        return entries.length + 160 * names.size();
    }

    /** The reply to a question about this offset, with whole entries in {@code count} bytes; null if there is none, and that is not the end. */
    ByteBuf reply(ByteBufAllocator alloc, long offset, int count) {
        Integer from = offset == 0 ? Integer.valueOf(0) : after.get(offset);
        if (from == null) {
            return null;
        }
        int to = from;
        while (to < size && to + length(to) - from <= count) {
            to += length(to);
        }
        if (to == from && (to < size || !complete)) {
            return null;
        }
        ByteBuf out = alloc.buffer(Frame.HEADER + Integer.BYTES + to - from);
        int start = Frame.begin(out, MessageType.RREADDIR, 0);
        out.writeIntLE(to - from).writeBytes(entries, from, to - from);
        Frame.end(out, start);
        return out;
    }
}
