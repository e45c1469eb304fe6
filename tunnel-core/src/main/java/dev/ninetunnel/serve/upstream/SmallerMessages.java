package dev.ninetunnel.serve.upstream;

import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Makes requests, and what they ask for, fit a server's msize, in place.
 *
 * @param msize of the server, in bytes
 */
record SmallerMessages(int msize) {
    private static final int WRITE_HEADER = Amount.COUNT_AT + 4;
    /** What servers such as diod want left of a message for the header of a read or write (Plan 9's IOHDRSZ). */
    private static final int IO_HEADER = 24;

    /** Cuts counts to what the server can send, and a Twrite to what it takes. False if that does not help. */
    boolean fit(ByteBuf frame) {
        int most = msize - IO_HEADER;
        return switch (MessageType.of(frame)) {
            case TREAD, TREADDIR -> {
                if (Integer.compareUnsigned(Frame.int32(frame, Amount.COUNT_AT), most) > 0) {
                    Frame.int32(frame, Amount.COUNT_AT, most);
                }
                yield true;
            }
            case TWRITE -> {
                if (frame.readableBytes() > WRITE_HEADER + most) {
                    frame.writerIndex(frame.readerIndex() + WRITE_HEADER + most);
                    Frame.int32(frame, 0, WRITE_HEADER + most);
                    Frame.int32(frame, Amount.COUNT_AT, most);
                }
                yield true;
            }
            default -> frame.readableBytes() <= msize;
        };
    }
}
