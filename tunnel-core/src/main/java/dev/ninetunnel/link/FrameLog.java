package dev.ninetunnel.link;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trace of all frames, one line each, at level TRACE of the logger {@code dev.ninetunnel.frames}:
 *
 * <pre>
 *   rome &gt; Twalk tag 3 fid 7 newfid 9 "usr" "bin"
 *   rome &lt; Rwalk tag 3 80.0.1a 80.3.2f
 * </pre>
 *
 * <p>First stands the peer's name, then the way: {@code >} sent, {@code <} received. Then the message's type and tag,
 * and its fields in the order of the wire, each behind its name; lists stand without. Integers are decimal and
 * unsigned, except modes and permissions (octal) and masks (hexadecimal); {@code none} is NOTAG or NOFID. Strings are
 * quoted, and escaped as everywhere; a qid is type.version.path in hexadecimal; of data only the number of bytes is
 * told; fields that are absent are left out. A type that is not known is {@code T130} or {@code R131} with the number
 * of bytes; a frame that is not well-formed says why.
 */
final class FrameLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.ninetunnel.frames");

    private FrameLog() {}

    static void sent(String peer, ByteBuf frame) {
        if (LOG.isTraceEnabled()) {
            LOG.trace("{} > {}", peer, line(frame));
        }
    }

    static void received(String peer, ByteBuf frame) {
        if (LOG.isTraceEnabled()) {
            LOG.trace("{} < {}", peer, line(frame));
        }
    }

    /** The line for a frame, whose indexes and reference count stay as they are. */
    static String line(ByteBuf frame) {
        MessageType type = MessageType.withLeases(frame);
        String name = type == null ? (Frame.isRequest(frame) ? "T" : "R") + Frame.type(frame) : type.toString();
        int tag = Frame.tag(frame);
        String begin = name + " tag " + (tag == Frame.NOTAG ? "none" : tag);
        return begin + (type == null ? " " + frame.readableBytes() + " bytes" : FrameFields.of(frame));
    }
}
