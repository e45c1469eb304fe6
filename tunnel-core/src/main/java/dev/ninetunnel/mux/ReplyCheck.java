package dev.ninetunnel.mux;

import dev.ninetunnel.wire.Amount;
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

    /** The largest status of Rlock: success, blocked, error, grace. Linux logs a fault of its own at another. */
    private static final int LAST_LOCK_STATUS = 3;
    /** The largest lock_type of Rgetlock: for reading, for writing, none. */
    private static final int LAST_LOCK_TYPE = 2;

    private ReplyCheck() {}

    /** Looks at a reply whose shape is right. */
    static Verdict of(Request request, MessageType type, ByteBuf frame) {
        if (type == MessageType.RLERROR || type == MessageType.RERROR) {
            return verdict(Verdict.ERROR, frame.readableBytes() <= Request.SMALL_REPLY);
        }
        if (type != request.type.reply() || frame.readableBytes() > request.expected) {
            return Verdict.WRONG;
        }
        int amount = Amount.replied(type, frame);
        if (Integer.compareUnsigned(amount, request.most) > 0) {
            return Verdict.WRONG;
        }
        return switch (type) {
            // 64 bits, of which a client takes memory for what 31 can say.
            case RXATTRWALK -> success(Frame.int32(frame, Frame.HEADER) >= 0
                    && Frame.int32(frame, Frame.HEADER + Integer.BYTES) == 0);
            case RLOCK -> success(first(frame) <= LAST_LOCK_STATUS);
            case RGETLOCK -> success(first(frame) <= LAST_LOCK_TYPE);
            case RWALK -> amount < request.most ? Verdict.PARTIAL : Verdict.SUCCESS;
            default -> Verdict.SUCCESS;
        };
    }

    private static int first(ByteBuf frame) {
        return frame.getUnsignedByte(frame.readerIndex() + Frame.HEADER);
    }

    private static Verdict success(boolean allowed) {
        return verdict(Verdict.SUCCESS, allowed);
    }

    private static Verdict verdict(Verdict ifAllowed, boolean allowed) {
        return allowed ? ifAllowed : Verdict.WRONG;
    }
}
