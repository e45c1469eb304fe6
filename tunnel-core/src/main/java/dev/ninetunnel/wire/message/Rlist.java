package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;

/**
 * Whole entries of a directory, one {@link ListedEntry} behind the other.
 *
 * <pre>
 *   size[4] Rlist[1] tag[2] got[1] lease[8] more[1] count[4] entries[count]
 * </pre>
 *
 * <p>The entries are a view of the frame that they were read from, and hold no reference to it: they are valid as long as
 * that is.
 *
 * @param got what is leased of the directory itself, a sum of {@link dev.ninetunnel.wire.LeaseKinds}
 * @param lease its number; it means nothing if {@code got} is 0
 * @param more 0 if these are the last
 */
public record Rlist(int got, long lease, int more, ByteBuf entries) implements Rmessage {
    /** Where a frame has {@code got}, and {@code lease} behind it. */
    public static final int GRANT_AT = Frame.HEADER;
    /** Where a frame has {@code more}, and {@code count} behind it. */
    public static final int MORE_AT = GRANT_AT + ListedEntry.GRANT_BYTES;
    /** Where a frame has its entries. */
    public static final int ENTRIES_AT = MORE_AT + 1 + 4;

    static Rlist read(ByteBuf in) {
        return new Rlist(in.readUnsignedByte(), in.readLongLE(), in.readUnsignedByte(), Fields.data(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeByte(got).writeLongLE(lease).writeByte(more);
        Fields.data(out, entries);
    }
}
