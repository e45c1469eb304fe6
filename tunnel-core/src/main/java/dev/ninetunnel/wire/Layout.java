package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;

/**
 * The shape of a message's body, written as a line of letters in the table of {@link MessageType}, one a field:
 *
 * <pre>
 *   1 2 4 8   an integer of that many bytes
 *   q         a qid, 13 bytes
 *   F         a fid that the message uses
 *   N         a fid that the message makes
 *   E         a fid that the message ends
 *   A         the afid of Tattach: a fid, or NOFID
 *   s         a string: len[2] and that many bytes
 *   d         data: count[4] and that many bytes
 *   w         names: n[2] and that many strings
 *   Q         qids: n[2] and that many qids
 *   z         a stat: n[2] and that many bytes, themselves size[2] and that many bytes
 *   S         the same as the last field, of which the fields are checked as well (stat(5))
 *   M         another message without size and tag: type[1] and its body; a request in a request, a reply in a reply
 *   ?         what follows may be absent
 * </pre>
 *
 * <p>From it come the places of the fids, which the multiplexer rewrites without decoding anything, and the check
 * that no field runs past the end of its frame.
 */
final class Layout {
    private static final int MAX_WALK_NAMES = 16;
    /** Behind a stat's two sizes: type, dev, qid, mode, atime, mtime, length, four names, and what 9P2000.u adds. */
    private static final Layout STAT = new Layout("24q4448ssss?s444");

    private final String fields;
    /** The size of a body that has no variable field, or -1. */
    private final int fixedSize;
    private final FidField[] fids;

    Layout(String fields) {
        this.fields = fields;
        this.fixedSize = fixedSize(fields);
        this.fids = fids(fields);
    }

    private static int fixedSize(String fields) {
        int size = 0;
        for (int i = 0; i < fields.length(); i++) {
            int width = width(fields.charAt(i));
            if (width < 0) {
                return -1;
            }
            size += width;
        }
        return size;
    }

    /** The width of a field that always has the same one, or -1. */
    private static int width(char field) {
        return switch (field) {
            case '1' -> 1;
            case '2' -> 2;
            case '4', 'F', 'N', 'E', 'A' -> 4;
            case '8' -> 8;
            case 'q' -> Qid.BYTES;
            default -> -1;
        };
    }

    private static FidField[] fids(String fields) {
        int offset = Frame.HEADER;
        var found = new java.util.ArrayList<FidField>();
        for (int i = 0; i < fields.length(); i++) {
            char field = fields.charAt(i);
            FidUse use = FidUse.of(field);
            if (use != null) {
                found.add(new FidField(use, offset < 0 ? FidField.BEHIND_STRING : offset));
            }
            int width = width(field);
            offset = width < 0 || offset < 0 ? -1 : offset + width;
        }
        return found.toArray(FidField[]::new);
    }

    int fidCount() {
        return fids.length;
    }

    FidField fid(int index) {
        return fids[index];
    }

    /** Why the frame does not have this shape, or null if it does. Moves no index. */
    String fault(ByteBuf frame) {
        return fault(frame, Frame.HEADER);
    }

    /** The same for a body that begins at this offset and ends with the frame. */
    String fault(ByteBuf frame, int from) {
        int size = frame.readableBytes();
        if (fixedSize >= 0) {
            return size - from == fixedSize ? null : "it has " + size + " bytes instead of " + (from + fixedSize);
        }
        int base = frame.readerIndex();
        int at = from;
        for (int i = 0; i < fields.length(); i++) {
            char field = fields.charAt(i);
            if (field == '?') {
                if (at == size) {
                    return null;
                }
                continue;
            }
            if (field == 'M') {
                return Wrapped.fault(frame, at);
            }
            if (field == 'S') {
                return skipStat(frame, base, at, size) == size
                        ? STAT.fault(frame, at + 4)
                        : "its stat has another size";
            }
            at = skip(field, frame, base, at, size);
            if (at > size || at < 0) {
                return "field " + (i + 1) + " of \"" + fields + "\" runs past the end of its " + size + " bytes";
            }
        }
        return at == size ? null : (size - at) + " bytes are left over behind the last field";
    }

    /** Where the next field begins; beyond {@code size} or negative where this one does not fit. */
    private static int skip(char field, ByteBuf frame, int base, int at, int size) {
        int width = width(field);
        if (width >= 0) {
            return at + width;
        }
        int counter = field == 'd' ? 4 : 2;
        if (at + counter > size) {
            return -1;
        }
        if (field == 'd') {
            long end = at + 4L + frame.getUnsignedIntLE(base + at);
            return end > size ? -1 : (int) end;
        }
        int n = frame.getUnsignedShortLE(base + at);
        return switch (field) {
            case 's' -> at + 2 + n;
            case 'Q' -> n > MAX_WALK_NAMES ? -1 : at + 2 + n * Qid.BYTES;
            case 'w' -> skipNames(frame, base, at + 2, size, n);
            case 'z' -> skipStat(frame, base, at, size);
            default -> throw new IllegalStateException("no such field: " + field);
        };
    }

    private static int skipNames(ByteBuf frame, int base, int from, int size, int names) {
        int at = from;
        for (int i = 0; i < names; i++) {
            if (at + 2 > size) {
                return -1;
            }
            at += 2 + frame.getUnsignedShortLE(base + at);
        }
        return at;
    }

    private static int skipStat(ByteBuf frame, int base, int at, int size) {
        if (at + 4 > size) {
            return -1;
        }
        int n = frame.getUnsignedShortLE(base + at);
        return frame.getUnsignedShortLE(base + at + 2) == n - 2 && at + 2 + n <= size ? at + 2 + n : -1;
    }
}
