package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A frame that carries a part of another: that one is cut, its header included, and the pieces are the bodies of parts, in
 * order. So a small message need not wait until a large one has crossed a slow link. Part of the protocol between two
 * endpoints that have both said so (docs/protocol.md, "Parts"); no type of 9P has these numbers.
 *
 * <pre>
 *   size[4] type[1] tag[2] piece[size - 7]
 * </pre>
 *
 * <p>The low bit of the type, and the tag, are those of the message that is carried.
 */
public final class Part {
    /** The type of a part of a request. */
    public static final int OF_REQUEST = 254;
    /** The type of a part of a reply. */
    public static final int OF_REPLY = 255;

    private Part() {}

    /** Whether a frame is one. */
    public static boolean is(ByteBuf frame) {
        return Frame.type(frame) >= OF_REQUEST;
    }

    /** The header of a part with this number of bytes of a frame; it belongs to the caller, and the frame stays its owner's. */
    public static ByteBuf header(ByteBufAllocator alloc, ByteBuf frame, int bytes) {
        return alloc.directBuffer(Frame.HEADER, Frame.HEADER).writeIntLE(Frame.HEADER + bytes)
                .writeByte(Frame.isRequest(frame) ? OF_REQUEST : OF_REPLY).writeShortLE(Frame.tag(frame));
    }
}
