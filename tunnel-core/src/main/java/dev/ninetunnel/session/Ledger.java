package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * What one side of a session has sent and received, over all links. It counts, and keeps what the far side may lack.
 *
 * <p>TCP keeps order, so what has arrived is always a prefix of what was sent, and a single number tells all of it. There
 * are no acknowledgements of their own. The far side shows that it has a frame in two ways:
 * <ul>
 * <li>a reply shows that its request arrived;
 * <li>a request that uses a tag again shows that the last reply under that tag arrived, for until then the tag was not free
 * (rule M3).
 * </ul>
 * Either shows as well that everything sent before has arrived. On the session's loop.
 */
final class Ledger {
    private final KeptFrames kept = new KeptFrames();
    private final TagNumbers requests = new TagNumbers();
    private final TagNumbers replies = new TagNumbers();
    private long received;
    /** The bytes of replies that have come since a request last went, which would have shown them. */
    private long unshownBytes;

    /** Notes a frame that is being sent, or would be if there were a link. It stays its owner's. */
    void sending(ByteBuf frame) {
        long number = kept.keep(frame);
        if (Frame.isRequest(frame)) {
            requests.set(Frame.tag(frame), number);
            unshownBytes = 0;
        } else {
            replies.set(Frame.tag(frame), number);
        }
    }

    /** Notes a frame that has arrived, before anything is done about it. It stays its owner's. */
    void receiving(ByteBuf frame) {
        received++;
        if (Frame.isRequest(frame)) {
            kept.dropThrough(replies.get(Frame.tag(frame)));
        } else {
            kept.dropThrough(requests.get(Frame.tag(frame)));
            unshownBytes += frame.readableBytes();
        }
    }

    /** How many frames have arrived. */
    long received() {
        return received;
    }

    /** How many frames were sent. */
    long sent() {
        return kept.sent();
    }

    /** The bytes of the replies that are kept. */
    long keptReplyBytes() {
        return kept.replyBytes();
    }

    /** The bytes of all frames that are kept. */
    long keptBytes() {
        return kept.replyBytes() + kept.requestBytes();
    }

    /** The bytes of the replies that have come and that the far side has to keep, until a request shows it that they have. */
    long unshownBytes() {
        return unshownBytes;
    }

    /** Why the far side cannot have received this number of frames; nothing if it can. */
    Optional<String> fault(long theirs) {
        if (theirs > kept.sent()) {
            return Optional.of("it claims to have received " + theirs + " messages, where " + kept.sent()
                    + " were sent");
        }
        if (theirs < kept.dropped()) {
            return Optional.of("it claims to have received " + theirs + " messages, but has shown before that it had "
                    + kept.dropped());
        }
        return Optional.empty();
    }

    /** Sends what the far side lacks, which has received this number of frames; {@link #fault} has nothing against that. */
    void resend(long theirs, FrameSink link) {
        kept.dropThrough(theirs);
        kept.resendBehind(theirs, link);
    }

    /** Keeps nothing any more. */
    void release() {
        kept.release();
    }
}
