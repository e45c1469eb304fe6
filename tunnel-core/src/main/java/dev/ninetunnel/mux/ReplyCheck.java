package dev.ninetunnel.mux;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Holds a reply against its request, once, at the edge: nothing behind it needs to be careful, and no local client
 * sees what it did not ask for. The Linux client kills its mount on that.
 */
final class ReplyCheck {
    /** What a reply is. */
    enum Verdict {
        /** The reply that the request has when it succeeds. */
        SUCCESS,
        /** A walk that led part of the way: it made no fid. */
        PARTIAL,
        /** An error. */
        ERROR,
        /** None that the request allows. */
        WRONG
    }

    private ReplyCheck() {}

    /** Looks at a reply whose shape is right. */
    static Verdict of(Request request, MessageType type, ByteBuf frame) {
        if (type == MessageType.RLERROR || type == MessageType.RERROR) {
            return Verdict.ERROR;
        }
        if (type != request.type.reply()) {
            return Verdict.WRONG;
        }
        return switch (type) {
            // The count of data is 32 bits, and fits the frame, as its shape is right.
            case RREAD, RREADDIR -> Frame.int32(frame, Frame.HEADER) > request.most ? Verdict.WRONG : Verdict.SUCCESS;
            case RWALK -> {
                int qids = Frame.int16(frame, Frame.HEADER);
                if (qids > request.most) {
                    yield Verdict.WRONG;
                }
                yield qids < request.most ? Verdict.PARTIAL : Verdict.SUCCESS;
            }
            default -> Verdict.SUCCESS;
        };
    }
}
