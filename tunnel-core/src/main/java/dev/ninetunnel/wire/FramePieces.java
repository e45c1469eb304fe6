package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/**
 * A frame that comes in pieces. Large pieces are kept as they are, for copying them costs more than all else that is done
 * with the frame; small ones are copied together, so that none holds on to the much larger buffer that it was received in.
 * What has not come takes no memory. On the channel's event loop.
 */
final class FramePieces {
    private static final int COPY_BELOW = 4096;

    private final ByteBufAllocator alloc;
    private int missing;
    private CompositeByteBuf pieces;
    /** Where small pieces are copied to, behind all else; null while there are none. */
    private ByteBuf tail;

    /** None has come of a frame of this size, in bytes. */
    FramePieces(ByteBufAllocator alloc, int size) {
        this.alloc = alloc;
        this.missing = size;
    }

    /** Nothing but the size has come. */
    static FramePieces ofSize(ByteBufAllocator alloc, int size) {
        FramePieces pieces = new FramePieces(alloc, size);
        pieces.tail().writeIntLE(size);
        pieces.missing -= Integer.BYTES;
        return pieces;
    }

    /** Takes out of a buffer what belongs to the frame. */
    void take(ByteBuf in) {
        int bytes = Math.min(missing, in.readableBytes());
        if (bytes >= COPY_BELOW) {
            append(in.readRetainedSlice(bytes));
            missing -= bytes;
        } else {
            copy(in, bytes);
        }
    }

    private void copy(ByteBuf in, int bytes) {
        for (int left = bytes; left > 0;) {
            ByteBuf into = tail();
            int now = Math.min(left, into.writableBytes());
            into.writeBytes(in, now);
            left -= now;
            missing -= now;
        }
    }

    private ByteBuf tail() {
        if (tail != null && !tail.isWritable()) {
            append(null);
        }
        if (tail == null) {
            int room = Math.min(missing, COPY_BELOW);
            tail = alloc.buffer(room, room);
        }
        return tail;
    }

    /** Puts the tail, and another piece if there is one, behind the pieces. */
    private void append(ByteBuf piece) {
        if (pieces == null) {
            pieces = alloc.compositeBuffer(Integer.MAX_VALUE);
        }
        if (tail != null) {
            pieces.addComponent(true, tail);
            tail = null;
        }
        if (piece != null) {
            pieces.addComponent(true, piece);
        }
    }

    boolean isWhole() {
        return missing == 0;
    }

    /** The frame, which belongs to the caller. */
    ByteBuf whole() {
        if (pieces == null) {
            return tail;
        }
        append(null);
        return pieces;
    }

    void release() {
        if (pieces != null) {
            pieces.release();
        }
        if (tail != null) {
            tail.release();
        }
    }
}
