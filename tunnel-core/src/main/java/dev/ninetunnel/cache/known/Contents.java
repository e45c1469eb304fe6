package dev.ninetunnel.cache.known;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import java.util.TreeMap;

/** What is known of the bytes in a file. */
public final class Contents {
    private final TreeMap<Long, byte[]> pieces = new TreeMap<>();
    /** Where the file ends; -1 if that is not known. */
    private long end = -1;
    private int bytes;
    /** The file is at least so long. */
    private long least;

    /** In bytes. */
    public int bytes() {
        return bytes;
    }

    /** Adds what Rread, whose shape is right, tells of the file from this offset on, where so many bytes were asked for. */
    public void add(long offset, int asked, ByteBuf reply) {
        int count = Frame.int32(reply, Frame.HEADER);
        if (count < asked) {
            end = offset + count;
        }
        if (count > 0) {
            byte[] piece = new byte[count];
            reply.getBytes(reply.readerIndex() + Frame.HEADER + Integer.BYTES, piece);
            byte[] before = pieces.put(offset, piece);
            bytes += count - (before == null ? 0 : before.length);
        }
    }

    /** Takes all that there is in the file. */
    public void whole(byte[] all) {
        pieces.clear();
        bytes = all.length;
        end = all.length;
        if (all.length > 0) {
            pieces.put(0L, all);
        }
    }

    /** The file is at least so long, as has been seen. */
    public long least() {
        return least;
    }

    /** The file is at least so long, which is too much to be kept: no more than that is known from now on. */
    public void tooLong(long atLeast) {
        pieces.clear();
        bytes = 0;
        least = Math.max(least, atLeast);
    }

    /** Forgets the piece that begins here. */
    public void remove(long offset) {
        byte[] piece = pieces.remove(offset);
        bytes -= piece == null ? 0 : piece.length;
    }

    /** Whether all that a read of so many bytes would give is known. */
    public boolean covers(long offset, int count) {
        return known(offset, count) >= 0;
    }

    /** How many bytes a read would give, or -1. */
    private int known(long offset, int count) {
        long to = end >= 0 ? Math.min(offset + count, end) : offset + count;
        long at = offset;
        while (at < to) {
            Map.Entry<Long, byte[]> piece = pieces.floorEntry(at);
            if (piece == null || piece.getKey() + piece.getValue().length <= at) {
                return -1;
            }
            at = piece.getKey() + piece.getValue().length;
        }
        return (int) Math.max(0, to - offset);
    }

    /** The reply to a read that is covered. */
    public ByteBuf reply(ByteBufAllocator alloc, long offset, int count) {
        int length = known(offset, count);
        ByteBuf out = alloc.buffer(Frame.HEADER + Integer.BYTES + length);
        int start = Frame.begin(out, MessageType.RREAD, 0);
        out.writeIntLE(length);
        for (long at = offset; at < offset + length;) {
            Map.Entry<Long, byte[]> piece = pieces.floorEntry(at);
            int from = (int) (at - piece.getKey());
            int most = (int) Math.min(piece.getValue().length - from, offset + length - at);
            out.writeBytes(piece.getValue(), from, most);
            at += most;
        }
        Frame.end(out, start);
        return out;
    }
}
