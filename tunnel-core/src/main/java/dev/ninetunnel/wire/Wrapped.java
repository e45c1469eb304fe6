package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A message of 9P within one of leases, in the same frame: as what follows the fields of leases is {@code type[1] body}, the
 * frame without them is the plain message, and neither is copied to come to the other.
 *
 * <pre>
 *   size[4] Twant[1] tag[2] want[1] type[1] body
 *   size[4] Rgranted[1] tag[2] got[1] lease[8] type[1] body
 *   size[4] Tbehind[1] tag[2] lease[8] body of Twrite
 *   size[4] Rbehind[1] tag[2] body of Rwrite
 * </pre>
 */
public final class Wrapped {
    /** What a request has before its plain form, in bytes. */
    public static final int WANT = 2;
    /** What a reply has before its plain form, in bytes. */
    public static final int GRANTED = 10;
    /** Replies of up to this number of bytes are copied, which costs less than a second buffer. */
    private static final int COPIED = 4096;
    private static final int FIELDS_AT = Frame.HEADER;
    private static final int LEASE_AT = FIELDS_AT + 1;

    private Wrapped() {}

    /** The leases that a Twant, whose shape is right, asks for: a sum of {@link LeaseKinds}. */
    public static int want(ByteBuf frame) {
        return frame.getUnsignedByte(frame.readerIndex() + FIELDS_AT);
    }

    /** What a Twant, whose shape is right, asks besides. */
    public static MessageType type(ByteBuf frame) {
        return MessageType.of(frame.getUnsignedByte(frame.readerIndex() + Frame.HEADER + WANT - 1));
    }

    /** The leases that an Rgranted, whose shape is right, brings: a sum of {@link LeaseKinds}, or 0. */
    public static int got(ByteBuf frame) {
        return want(frame);
    }

    /** The number of the lease that an Rgranted brings; it means nothing if that is 0. */
    public static long lease(ByteBuf frame) {
        return frame.getLongLE(frame.readerIndex() + LEASE_AT);
    }

    /** Makes a Twant or an Rgranted, whose shape is right, the plain message that it holds: the reader index moves. */
    public static void unwrap(ByteBuf frame) {
        int fields = Frame.isRequest(frame) ? WANT : GRANTED;
        int type = frame.getUnsignedByte(frame.readerIndex() + Frame.HEADER + fields - 1);
        int tag = Frame.tag(frame);
        header(frame.skipBytes(fields), type, tag);
    }

    /** The lease that a Tbehind, whose shape is right, is sent under. */
    public static long leaseBehind(ByteBuf frame) {
        return frame.getLongLE(frame.readerIndex() + FIELDS_AT);
    }

    /** Makes a Tbehind, whose shape is right, the Twrite that it holds: the reader index moves. */
    public static void unwrapBehind(ByteBuf frame) {
        int tag = Frame.tag(frame);
        header(frame.skipBytes(Long.BYTES), MessageType.TWRITE.number(), tag);
    }

    /** Makes the reply to such a Twrite that to the Tbehind: an Rwrite is an Rbehind then, and an error stays one. */
    public static void rewrapBehind(ByteBuf reply) {
        if (Frame.type(reply) == MessageType.RWRITE.number()) {
            reply.setByte(reply.readerIndex() + Frame.TYPE_AT, MessageType.RBEHIND.number());
        }
    }

    /** Makes a Twrite one of what is left of it, so many bytes of which have been written: the reader index moves. */
    public static void skipWritten(ByteBuf write, int bytes) {
        int tag = Frame.tag(write);
        int fid = Frame.int32(write, Frame.HEADER);
        long offset = Frame.int64(write, Frame.HEADER + Integer.BYTES);
        int count = Frame.int32(write, Amount.COUNT_AT);
        header(write.skipBytes(bytes), MessageType.TWRITE.number(), tag);
        int at = write.readerIndex() + Frame.HEADER;
        write.setIntLE(at, fid).setLongLE(at + Integer.BYTES, offset + bytes).setIntLE(
                write.readerIndex() + Amount.COUNT_AT, count - bytes);
    }

    /** What an Rgranted, whose shape is right, replies besides. */
    public static MessageType replyType(ByteBuf frame) {
        return MessageType.of(frame.getUnsignedByte(frame.readerIndex() + Frame.HEADER + GRANTED - 1));
    }

    /** A view of a Twant or an Rgranted in which fields stand where the plain message has them; its header is none. */
    public static ByteBuf fields(ByteBuf frame) {
        int before = Frame.isRequest(frame) ? WANT : GRANTED;
        return frame.slice(frame.readerIndex() + before, frame.readableBytes() - before);
    }

    /** Makes a request that {@link #unwrap} has made plain a Twant again: {@link #WANT} bytes before it are its own. */
    public static void rewrap(ByteBuf request, int want) {
        int type = Frame.type(request);
        int tag = Frame.tag(request);
        request.readerIndex(request.readerIndex() - WANT);
        header(request, MessageType.TWANT.number(), tag);
        int at = request.readerIndex() + FIELDS_AT;
        request.setByte(at, want).setByte(at + 1, type);
    }

    /** The same for a reply: {@link #GRANTED} bytes before it are its own. */
    public static void rewrap(ByteBuf reply, int got, long lease) {
        int type = Frame.type(reply);
        int tag = Frame.tag(reply);
        reply.readerIndex(reply.readerIndex() - GRANTED);
        header(reply, MessageType.RGRANTED.number(), tag);
        int at = reply.readerIndex() + FIELDS_AT;
        reply.setByte(at, got).setLongLE(at + 1, lease).setByte(at + GRANTED - 1, type);
    }

    /**
     * The Twant that holds a copy of a request, which belongs to this method.
     *
     * @return is the caller's
     */
    public static ByteBuf wanted(ByteBufAllocator alloc, ByteBuf request, int want) {
        int bytes = request.readableBytes();
        ByteBuf wrapped = alloc.directBuffer(bytes + WANT);
        wrapped.writeIntLE(bytes + WANT).writeByte(MessageType.TWANT.number()).writeShortLE(Frame.tag(request))
                .writeByte(want).writeByte(Frame.type(request));
        wrapped.writeBytes(request.skipBytes(Frame.HEADER));
        request.release();
        return wrapped;
    }

    /**
     * The Rgranted that holds a reply, which belongs to this method and lies in the result if it is large.
     *
     * @return is the caller's
     */
    public static ByteBuf granted(ByteBufAllocator alloc, ByteBuf reply, int got, long lease) {
        int bytes = reply.readableBytes();
        boolean copied = bytes <= COPIED;
        ByteBuf head = alloc.directBuffer(GRANTED + (copied ? bytes : Frame.HEADER));
        head.writeIntLE(bytes + GRANTED).writeByte(MessageType.RGRANTED.number()).writeShortLE(Frame.tag(reply))
                .writeByte(got).writeLongLE(lease).writeByte(Frame.type(reply));
        reply.skipBytes(Frame.HEADER);
        if (copied) {
            head.writeBytes(reply);
            reply.release();
            return head;
        }
        return alloc.compositeBuffer(2).addComponent(true, head).addComponent(true, reply);
    }

    private static void header(ByteBuf frame, int type, int tag) {
        int at = frame.readerIndex();
        frame.setIntLE(at, frame.readableBytes()).setByte(at + Frame.TYPE_AT, type).setShortLE(at + Frame.TYPE_AT + 1,
                tag);
    }

    /** Why there is no message of 9P that can be wrapped at this offset, to the end of the frame; or null. */
    static String fault(ByteBuf frame, int at) {
        if (at >= frame.readableBytes()) {
            return "no message is in it";
        }
        int number = frame.getUnsignedByte(frame.readerIndex() + at);
        MessageType type = MessageType.of(number);
        if (type == null || type.isRequest() != Frame.isRequest(frame) || type == MessageType.TVERSION
                || type == MessageType.RVERSION || type == MessageType.TFLUSH || type == MessageType.RFLUSH) {
            return "type " + number + " cannot be in it";
        }
        return type.fault(frame, at + 1);
    }
}
