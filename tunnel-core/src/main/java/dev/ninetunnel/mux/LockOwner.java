package dev.ninetunnel.mux;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Keeps the locks of one local client apart from those of all others. A 9P server tells owners of locks apart by client_id and
 * proc_id within a connection, and here many clients have one connection in common: machines of one name, or two mounts of one
 * machine, would be one owner. So a mark of its own is put behind the client_id of each Tlock and Tgetlock, and taken off that
 * of each Rgetlock, also one of another program.
 *
 * <p>A mark is {@code ~} and 16 hexadecimal digits by chance, for a server may have more clients than ours.
 */
final class LockOwner {
    /** The longest client_id with its mark, in bytes. Linux sends the name of its host, of 64 bytes at most. */
    static final int LONGEST = 1024;
    private static final byte SIGN = '~';
    private static final int MARK_BYTES = 1 + 2 * Long.BYTES;
    /** Of Tlock: behind fid[4] type[1] flags[4] start[8] length[8] proc_id[4]. */
    private static final int TLOCK_AT = Frame.HEADER + 29;
    /** Of Tgetlock: behind fid[4] type[1] start[8] length[8] proc_id[4]. */
    private static final int TGETLOCK_AT = Frame.HEADER + 25;
    /** Of Rgetlock: behind type[1] start[8] length[8] proc_id[4]. */
    private static final int RGETLOCK_AT = Frame.HEADER + 21;

    private final byte[] mark;

    /** Of a client that has just come. */
    LockOwner(RandomGenerator chance) {
        mark = ((char) SIGN + HexFormat.of().toHexDigits(chance.nextLong())).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether requests of this type say whose a lock is. */
    static boolean isSaidIn(MessageType request) {
        return request == MessageType.TLOCK || request == MessageType.TGETLOCK;
    }

    /** Whether the client_id of such a request, whose shape is right, leaves room for a mark. */
    static boolean hasRoom(ByteBuf request) {
        return Frame.int16(request, place(request)) <= LONGEST - MARK_BYTES;
    }

    /** Puts the mark into such a request, which belongs to this method, as the new frame belongs to the caller. */
    ByteBuf mark(ByteBuf request, ByteBufAllocator alloc) {
        int size = request.readableBytes();
        int at = place(request);
        ByteBuf marked = alloc.buffer(size + MARK_BYTES);
        marked.writeBytes(request, request.readerIndex(), size).writeBytes(mark);
        request.release();
        return resized(marked, at, MARK_BYTES);
    }

    /** Takes a mark off an Rgetlock whose shape is right, in place, if there is one. */
    static void unmark(ByteBuf rgetlock) {
        if (isMarked(rgetlock)) {
            rgetlock.writerIndex(rgetlock.writerIndex() - MARK_BYTES);
            resized(rgetlock, RGETLOCK_AT, -MARK_BYTES);
        }
    }

    private static boolean isMarked(ByteBuf rgetlock) {
        int from = rgetlock.writerIndex() - MARK_BYTES;
        if (Frame.int16(rgetlock, RGETLOCK_AT) < MARK_BYTES || rgetlock.getByte(from) != SIGN) {
            return false;
        }
        return rgetlock.forEachByte(from + 1, MARK_BYTES - 1, HexFormat::isHexDigit) < 0;
    }

    /** Where the length of client_id stands, which is the last field. */
    private static int place(ByteBuf request) {
        return MessageType.of(request) == MessageType.TLOCK ? TLOCK_AT : TGETLOCK_AT;
    }

    private static ByteBuf resized(ByteBuf frame, int clientIdAt, int more) {
        Frame.int16(frame, clientIdAt, Frame.int16(frame, clientIdAt) + more);
        Frame.end(frame, frame.readerIndex());
        return frame;
    }
}
