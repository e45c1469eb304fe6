package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;

/**
 * The header that every 9P message begins with, read and written in place. All integers are little endian
 * (intro(5)).
 *
 * <pre>
 *   size[4] type[1] tag[2] body[size - 7]
 * </pre>
 *
 * <p>A frame is a buffer whose reader index stands at {@code size} and whose readable bytes are exactly {@code size}
 * many; {@link FrameDecoder} makes them so. Nothing here moves an index or changes a reference count.
 */
public final class Frame {
    /** The bytes of size, type and tag; also the size of the smallest frame. */
    public static final int HEADER = 7;
    /** Where the type stands. */
    public static final int TYPE_AT = 4;
    /** The tag of Tversion, and of nothing else. */
    public static final int NOTAG = 0xFFFF;
    /** The fid that means "none", in the afid of Tattach: no authentication (attach(5)). */
    public static final int NOFID = 0xFFFF_FFFF;
    /** The smallest msize that may be agreed; the Linux client refuses less. */
    public static final int MIN_MSIZE = 4096;

    private Frame() {}

    /**
     * The same frame, if its size field says how many bytes it has.
     *
     * @throws MalformedMessageException if not; a {@link FrameDecoder} lets no such frame through
     */
    public static ByteBuf checked(ByteBuf frame) {
        int size = frame.readableBytes();
        if (size < HEADER || frame.getUnsignedIntLE(frame.readerIndex()) != size) {
            throw new MalformedMessageException("a frame of " + size + " bytes whose header says otherwise");
        }
        return frame;
    }

    /** The type's number, 0 to 255. */
    public static int type(ByteBuf frame) {
        return frame.getUnsignedByte(frame.readerIndex() + TYPE_AT);
    }

    /** Whether this is a request: the low bit of the type says so, and nothing else does (rule L1). */
    public static boolean isRequest(ByteBuf frame) {
        return (type(frame) & 1) == 0;
    }

    /** The tag, 0 to 0xFFFF. */
    public static int tag(ByteBuf frame) {
        return frame.getUnsignedShortLE(frame.readerIndex() + 5);
    }

    /** Puts another tag into the frame. */
    public static void tag(ByteBuf frame, int tag) {
        frame.setShortLE(frame.readerIndex() + 5, tag);
    }

    /** The four bytes at an offset from the frame's start, such as a fid or a count. */
    public static int int32(ByteBuf frame, int offset) {
        return frame.getIntLE(frame.readerIndex() + offset);
    }

    /** Puts four bytes at an offset from the frame's start. */
    public static void int32(ByteBuf frame, int offset, int value) {
        frame.setIntLE(frame.readerIndex() + offset, value);
    }

    /** The eight bytes at an offset from the frame's start, such as the offset of a Tread. */
    public static long int64(ByteBuf frame, int offset) {
        return frame.getLongLE(frame.readerIndex() + offset);
    }

    /** The two bytes at an offset from the frame's start, such as the old tag of a Tflush. */
    public static int int16(ByteBuf frame, int offset) {
        return frame.getUnsignedShortLE(frame.readerIndex() + offset);
    }

    /** Puts two bytes at an offset from the frame's start. */
    public static void int16(ByteBuf frame, int offset, int value) {
        frame.setShortLE(frame.readerIndex() + offset, value);
    }

    /** Begins a message at the writer index, its size to be filled in by {@link #end}. Returns where it began. */
    public static int begin(ByteBuf out, MessageType type, int tag) {
        int start = out.writerIndex();
        out.writeIntLE(0).writeByte(type.number()).writeShortLE(tag);
        return start;
    }

    /** Ends the message that began at {@code start}: its size is what was written since. */
    public static void end(ByteBuf out, int start) {
        out.setIntLE(start, out.writerIndex() - start);
    }
}
