package dev.ninetunnel.cache.known;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a directory contained when it was read from its beginning, with the far side's cookies. Each entry of Rreaddir:
 *
 * <pre>
 *   qid[13] offset[8] type[1] name[s]
 * </pre>
 */
public final class Listing {
    private static final Text HERE = Text.of(".");
    private static final Text PARENT = Text.of("..");
    /** On any file system that leases are given on, in bytes. */
    private static final int LONGEST_NAME = 255;
    private static final int COOKIE_AT = 13;
    private static final int NAME_AT = COOKIE_AT + Long.BYTES + 1;
    /** What an entry has beside the bytes of its name. */
    public static final int BYTES_OF_ENTRY = NAME_AT + 2;

    /** Where the entry after each cookie begins. */
    private final Map<Long, Integer> after = new HashMap<>();
    private final Map<Text, Integer> names = new HashMap<>();
    private byte[] entries = new byte[0];
    private int size;
    private long last;
    /** Null until they are asked for. */
    private Set<String> folded;
    private List<Text> ordered;
    private List<Text> directories;
    private List<Text> files;
    private boolean complete;
    /** The number of its entries. */
    public int size() {
        return names.size();
    }

    /** The cookie of the last entry. */
    public long last() {
        return last;
    }

    /** All entries are there. */
    public void complete() {
        complete = true;
        entries = Arrays.copyOf(entries, size);
    }

    /** Adds the entry at this offset of a message, whose shape is right. Returns false if its cookie or its name is there already. */
    public boolean add(ByteBuf message, int at, DirectoryEntry entry) {
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

    /** Whether all entries are there. */
    public boolean isComplete() {
        return complete;
    }

    /** Whether what a reply tells from this offset on goes on where it ends. */
    public boolean goesOn(long offset) {
        return !complete && offset == last;
    }

    /** Adds what Rreaddir, whose shape is right, tells. Returns whether that can be read. */
    public boolean add(ByteBuf reply) {
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

    /** The names of the directories in it, in its order. */
    public List<Text> directories() {
        if (directories == null) {
            directories = ordered().stream().filter(name -> isDirectory(names.get(name)))
                    .filter(name -> !name.equals(HERE) && !name.equals(PARENT)).toList();
        }
        return directories;
    }

    /** The names of the regular files in it, in its order. */
    public List<Text> files() {
        if (files == null) {
            files = ordered().stream().filter(name -> entries[names.get(name)] == Qid.FILE).toList();
        }
        return files;
    }

    /** The cookie with which a reading goes on at this entry, which there is. */
    public long before(Text name) {
        int at = ordinal(name);
        return at == 0 ? 0 : cookie(names.get(ordered().get(at - 1)));
    }

    /** How many entries there are from one to another, with both. */
    public int between(Text first, Text last) {
        return ordinal(last) - ordinal(first) + 1;
    }

    private int ordinal(Text name) {
        return Collections.binarySearch(ordered(), name, Comparator.comparingInt(names::get));
    }

    private List<Text> ordered() {
        if (ordered == null) {
            ordered = names.entrySet().stream().sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey).toList();
        }
        return ordered;
    }

    private boolean isDirectory(int at) {
        return (entries[at] & Qid.DIRECTORY) != 0;
    }

    /**
     * Whether there is surely nothing of this name. There may be something where the directory ignores case, and the name differs
     * from an entry's in nothing else; and what is no name of an entry is for the far side to refuse.
     */
    public boolean lacks(Text name) {
        if (names.containsKey(name) || !canBeListed(name.bytes())) {
            return false;
        }
        if (folded == null) {
            folded = new HashSet<>();
            names.keySet().forEach(entry -> folded.add(folded(entry)));
        }
        return !folded.contains(folded(name));
    }

    private static boolean canBeListed(byte[] name) {
        boolean can = name.length > 0 && name.length <= LONGEST_NAME;
        for (byte b : name) {
            can &= b != 0 && b != '/';
        }
        return can;
    }

    /** The same for all names that any directory may take for one another. */
    private static String folded(Text name) {
        StringBuilder seen = new StringBuilder();
        Normalizer.normalize(name.utf8(), Normalizer.Form.NFKD).codePoints().filter(c -> !isIgnorable(c))
                .forEach(seen::appendCodePoint);
        return seen.toString().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /** Joiners, variation selectors and the like, which ext4 leaves out as well. */
    private static boolean isIgnorable(int c) {
        return Character.isIdentifierIgnorable(c) || c == 0x34F || (c >= 0xFE00 && c <= 0xFE0F);
    }

    /** In bytes, roughly. */
    public int bytes() {
        return entries.length + 160 * names.size();
    }

    /** The reply to a question about this offset, with whole entries in {@code count} bytes; null if there is none, and that is not the end. */
    public ByteBuf reply(ByteBufAllocator alloc, long offset, int count) {
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
