package dev.ninetunnel.client;

import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;

/**
 * What a reply may be, given what was asked: the type that belongs to the request (or an error), and no more data,
 * qids or written bytes than it allowed. Whoever uses a reply need not be careful any more.
 */
final class ReplyCheck {
    /** What is kept of a request until its reply is there. */
    record Asked(MessageType type, long most) {
        static Asked of(Tmessage request) {
            long most = switch (request) {
                case Tread read -> Integer.toUnsignedLong(read.count());
                case Treaddir read -> Integer.toUnsignedLong(read.count());
                case Twrite write -> write.data().readableBytes();
                case Twalk walk -> walk.names().size();
                default -> 0;
            };
            return new Asked(request.type(), most);
        }
    }

    private ReplyCheck() {}

    /** Whether a reply of this type may answer the request. */
    static void type(Asked asked, MessageType reply) {
        if (reply != asked.type.reply() && reply != MessageType.RLERROR && reply != MessageType.RERROR) {
            throw new MalformedMessageException(reply + " in answer to " + asked.type);
        }
    }

    /** Whether the reply keeps within what was asked. */
    static void amount(Asked asked, Rmessage reply) {
        long amount = switch (reply) {
            case Rread read -> read.data().readableBytes();
            case Rreaddir read -> read.data().readableBytes();
            case Rwrite write -> Integer.toUnsignedLong(write.count());
            case Rwalk walk -> walk.qids().size();
            default -> 0;
        };
        if (amount > asked.most) {
            throw new MalformedMessageException(reply.type() + " with " + amount + " where " + asked.most
                    + " were asked for");
        }
    }
}
