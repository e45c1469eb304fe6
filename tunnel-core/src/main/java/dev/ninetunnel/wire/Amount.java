package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;

/**
 * How much a request asks for, and how much its reply has: bytes that are read, written, copied or listed, or qids of a walk. No reply
 * may have more than was asked for (read(5), walk(5)). Of frames whose shape has been checked, as unsigned numbers.
 */
public final class Amount {
    /** Where Tread, Treaddir, Twrite and Tchecksum have their count: behind fid[4] and offset[8]. */
    public static final int COUNT_AT = Frame.HEADER + 4 + 8;
    /** Where Twalk has the number of its names: behind fid[4] and newfid[4]. */
    private static final int NAMES_AT = Frame.HEADER + 4 + 4;
    /** Where Tcopyrange has its count: behind fid[4], offset[8], fromfid[4] and fromoffset[8]. */
    private static final int COPY_COUNT_AT = Frame.HEADER + 4 + 8 + 4 + 8;

    /** Where Rlist has its count: behind got[1], lease[8] and more[1]. */
    private static final int LISTED_AT = Frame.HEADER + 1 + 8 + 1;
    /** Where Tlist has a name, behind which, and offset[8], its count stands. */
    private static final int LIST_NAME_AT = Frame.HEADER + 4;

    /** Where Tbehind has its count: behind lease[8], fid[4] and offset[8]. */
    private static final int BEHIND_COUNT_AT = COUNT_AT + 8;

    private Amount() {}

    /** What a request asks for; 0 if it is of no such kind. */
    public static int asked(MessageType type, ByteBuf request) {
        return switch (type) {
            case TREAD, TREADDIR, TWRITE, TCHECKSUM -> Frame.int32(request, COUNT_AT);
            case TBEHIND -> Frame.int32(request, BEHIND_COUNT_AT);
            case TWALK -> Frame.int16(request, NAMES_AT);
            case TCOPYRANGE -> Frame.int32(request, COPY_COUNT_AT);
            case TLIST -> Frame.int32(request, LIST_NAME_AT + 2 + Frame.int16(request, LIST_NAME_AT) + 8);
            default -> 0;
        };
    }

    /** What a reply has; 0 if it is of no such kind. */
    public static int replied(MessageType type, ByteBuf reply) {
        return switch (type) {
            case RREAD, RREADDIR, RWRITE, RBEHIND, RCOPYRANGE, RCHECKSUM -> Frame.int32(reply, Frame.HEADER);
            case RWALK -> Frame.int16(reply, Frame.HEADER);
            case RLIST -> Frame.int32(reply, LISTED_AT);
            default -> 0;
        };
    }

    /**
     * Holds a reply against what was asked: it is of the type that belongs to the request, with no more than that allows, or an
     * error.
     *
     * @param most what {@link #asked} said
     * @throws MalformedMessageException if it is nothing that may answer this
     */
    public static void check(MessageType asked, int most, MessageType type, ByteBuf reply) {
        if (type == MessageType.RLERROR || type == MessageType.RERROR) {
            return;
        }
        if (type != asked.reply()) {
            throw new MalformedMessageException("a " + type + " in answer to a " + asked);
        }
        int amount = replied(type, reply);
        if (Integer.compareUnsigned(amount, most) > 0) {
            throw new MalformedMessageException("a " + type + " with " + Integer.toUnsignedString(amount) + ", where "
                    + Integer.toUnsignedString(most) + " were asked for");
        }
    }
}
